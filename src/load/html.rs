//! Finds versions, assets and ids in SAVT's pages and fragments, without parsing HTML.

const VERSION_ATTRIBUTE: &[u8] = b" data-version=\"";

/// The start of a page, up to the end of the version number it contains; `None` if the number is not complete.
pub(super) fn head(page: &[u8]) -> Option<&[u8]> {
    let start = memchr::memmem::find(page, VERSION_ATTRIBUTE)? + VERSION_ATTRIBUTE.len();
    let length = memchr::memchr(b'"', page.get(start..)?)?;
    page.get(..start + length)
}

/// The version of the board that a page shows.
pub(super) fn version(page: &str) -> Option<i64> {
    let head = head(page.as_bytes())?;
    let number = head.rsplit(|byte| *byte == b'"').next()?;
    std::str::from_utf8(number).ok()?.parse().ok()
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
    fn version_and_assets_are_found_in_a_page() {
        let page = r#"<link href="/assets/savt-1.css"><script src="/assets/savt-2.js"></script>
            <p id="connection" data-version="45" data-live="Live">"#;
        assert_eq!(version(page), Some(45));
        assert_eq!(assets(page), ["/assets/savt-1.css", "/assets/savt-2.js"]);
        assert_eq!(version("<p data-version=\"4"), None, "truncated");
    }

    #[test]
    fn only_complete_ids_of_the_kind_match() {
        let html = r#"<li id="item-3"><b id="item-3-name"><ul id="item-3-features"><li id="feature-7"><li id="feature-12">"#;
        assert_eq!(ids(html, "item").collect::<Vec<_>>(), [3]);
        assert_eq!(ids(html, "feature").collect::<Vec<_>>(), [7, 12]);
    }
}
