//! The files a browser fetches besides pages, as `build.rs` prepared them: their addresses for
//! the pages, their bytes for the server. Knows nothing of HTTP.

use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

#[derive(rust_embed::Embed)]
#[folder = "$OUT_DIR/assets"]
struct Files;

/// One served file, in each form a browser may take it.
pub struct Asset {
    /// Its media type, with the character set where it is text.
    pub content_type: &'static str,
    /// As written.
    pub plain: Cow<'static, [u8]>,
    /// In gzip, unless that is no smaller.
    pub gzip: Option<Cow<'static, [u8]>>,
    /// In Brotli, unless that is no smaller.
    pub brotli: Option<Cow<'static, [u8]>>,
}

/// The asset with this name, the last part of its address; `None` if there is none.
pub fn find(name: &str) -> Option<Asset> {
    let bytes = |name: &str| Files::get(name).map(|file| file.data);
    Some(Asset {
        content_type: content_type(name)?,
        plain: bytes(name)?,
        gzip: bytes(&format!("{name}.gz")),
        brotli: bytes(&format!("{name}.br")),
    })
}

/// Also keeps the compressed forms from being files of their own.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml; charset=utf-8"),
        "png" => Some("image/png"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVED: [&str; 6] = [STYLE, MONITOR_STYLE, SCRIPT, ICON, ICON_192, ICON_512];

    fn named(address: &str) -> Option<Asset> {
        find(address.strip_prefix("/assets/").unwrap())
    }

    #[test]
    fn every_address_leads_to_a_file() {
        for address in SERVED {
            assert!(named(address).is_some(), "{address}");
        }
    }

    #[test]
    fn an_address_tells_the_content() {
        let parts: Vec<&str> = STYLE.split('.').collect();
        assert_eq!([parts[0], parts[2]], ["/assets/savt", "css"]);
        assert!(parts[1].len() == 10 && parts[1].bytes().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn the_script_is_a_third_of_its_size() {
        let script = named(SCRIPT).unwrap();
        let brotli = script.brotli.unwrap();
        assert!(brotli.len() * 3 < script.plain.len());
        assert!(brotli.len() < script.gzip.unwrap().len());
    }

    #[test]
    fn the_script_is_all_scripts_one_after_the_other() {
        let parts = [
            include_str!("../assets/vendor/htmx/htmx.min.js"),
            include_str!("../assets/vendor/htmx/hx-sse.min.js"),
            include_str!("../assets/savt.js"),
            include_str!("../assets/share.js"),
            include_str!("../assets/ahead.js"),
            include_str!("../assets/ghosts.js"),
            include_str!("../assets/live.js"),
            include_str!("../assets/heard.js"),
            include_str!("../assets/menu.js"),
            include_str!("../assets/filter.js"),
            include_str!("../assets/order.js"),
            include_str!("../assets/doubles.js"),
            include_str!("../assets/recent.js"),
            include_str!("../assets/keys.js"),
        ];
        let script = named(SCRIPT).unwrap().plain;
        assert_eq!(std::str::from_utf8(&script).unwrap(), parts.join("\n"));
    }

    #[test]
    fn only_what_is_served_is_embedded() {
        let mut names: Vec<_> = Files::iter()
            .filter(|name| content_type(name).is_some())
            .map(|name| format!("/assets/{name}"))
            .collect();
        names.sort();
        let mut served = SERVED;
        served.sort();
        assert_eq!(names, served);
        assert!(find("htmx.min.js").is_none());
        assert!(named(&format!("{SCRIPT}.br")).is_none());
        assert!(find("../Cargo.toml").is_none());
    }
}
