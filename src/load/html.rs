//! Finds versions, assets and ids in SAVT's pages and fragments, without parsing HTML.

const VERSION_ATTRIBUTE: &str = " data-version=\"";
const EPOCH_ATTRIBUTE: &str = " data-epoch=\"";

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The version of the board.
    pub(super) version: i64,
    /// The history to which the version belongs; none on pages of SAVT versions without epochs.
    pub(super) epoch: Option<String>,
}

/// The start of a page, up to the end of the tag with the version; `None` if the tag is not complete.
pub(super) fn head(page: &[u8]) -> Option<&[u8]> {
    let start = memchr::memmem::find(page, VERSION_ATTRIBUTE.as_bytes())?;
    let length = memchr::memchr(b'>', page.get(start..)?)?;
    page.get(..=start + length)
}

/// What a page of a board shows.
pub(super) fn shown(page: &str) -> Option<Shown> {
    let head = page.get(..head(page.as_bytes())?.len())?;
    let (_, tag) = head.rsplit_once(VERSION_ATTRIBUTE)?;
    let (version, rest) = tag.split_once('"')?;
    let epoch = rest.split_once(EPOCH_ATTRIBUTE);
    let epoch = epoch.and_then(|(_, epoch)| epoch.split_once('"'));
    Some(Shown {
        version: version.parse().ok()?,
        epoch: epoch.map(|(epoch, _)| epoch.to_owned()),
    })
}

/// The paths of the assets that a page references.
pub(super) fn assets(page: &str) -> Vec<String> {
    let references = page.split("=\"/assets/").skip(1);
    let names = references.filter_map(|rest| rest.split_once('"'));
    let mut assets: Vec<_> = names.map(|(name, _)| format!("/assets/{name}")).collect();
    assets.sort();
    assets.dedup();
    assets
}

/// The ids of all objects of this kind (`item`, `feature`) in a page or fragment, in document order.
pub(super) fn ids<'a>(html: &'a str, kind: &str) -> impl Iterator<Item = i64> + use<'a> {
    let prefix = format!("id=\"{kind}-");
    let positions: Vec<usize> = html.match_indices(&prefix).map(|(at, _)| at).collect();
    positions.into_iter().filter_map(move |at| {
        let (id, _) = html[at + prefix.len()..].split_once('"')?;
        id.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_epoch_and_assets_are_found_in_a_page() {
        let page = r#"<link href="/assets/savt-1.css"><script src="/assets/savt-2.js"></script>
            <p id="connection" data-version="45" data-epoch="1f" data-live="Live">text"#;
        let found = |version, epoch: Option<&str>| {
            let epoch = epoch.map(str::to_owned);
            Some(Shown { version, epoch })
        };
        assert_eq!(shown(page), found(45, Some("1f")));
        assert_eq!(assets(page), ["/assets/savt-1.css", "/assets/savt-2.js"]);
        let without = "<p data-version=\"7\"><b data-epoch=\"2\">";
        assert_eq!(shown(without), found(7, None));
        for truncated in [
            "<p data-version=\"4",
            "<p data-version=\"4\" data-epoch=\"1f\"",
        ] {
            assert_eq!(shown(truncated), None, "{truncated}");
        }
    }

    #[test]
    fn only_complete_ids_of_the_kind_match() {
        let html = r#"<li id="item-3"><b id="item-3-name"><ul id="item-3-features"><li id="feature-7"><li id="feature-12">"#;
        assert_eq!(ids(html, "item").collect::<Vec<_>>(), [3]);
        assert_eq!(ids(html, "feature").collect::<Vec<_>>(), [7, 12]);
    }
}
