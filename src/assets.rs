//! The static files that browsers fetch, as `build.rs` prepared them: their URLs for pages, their content for the server.
//! Knows nothing of HTTP.

use std::borrow::Cow;

// For the build script; here only its tests, and a test of the bundle, need it.
#[cfg(test)]
mod without_comments;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

#[derive(rust_embed::Embed)]
#[folder = "$OUT_DIR/assets"]
struct Files;

/// A served file in each encoding.
pub struct Asset {
    /// The media type, with the character set for text.
    pub content_type: &'static str,
    /// Uncompressed.
    pub plain: Cow<'static, [u8]>,
    /// None if gzip does not make it smaller.
    pub gzip: Option<Cow<'static, [u8]>>,
    /// None if Brotli does not make it smaller.
    pub brotli: Option<Cow<'static, [u8]>>,
}

/// An asset by its name, the last segment of its URL; none if it does not exist.
pub fn find(name: &str) -> Option<Asset> {
    let content = |name: &str| Files::get(name).map(|file| file.data);
    Some(Asset {
        content_type: content_type(name)?,
        plain: content(name)?,
        gzip: content(&format!("{name}.gz")),
        brotli: content(&format!("{name}.br")),
    })
}

/// The media type by extension. None for `.gz` and `.br`, so that compressed forms cannot be fetched by name.
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
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::{without_comments::without_comments, *};

    fn asset_at(url: &str) -> Option<Asset> {
        find(url.strip_prefix("/assets/").unwrap())
    }

    fn scripts_below(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .flat_map(|path| match path.is_dir() {
                true => scripts_below(&path),
                false => vec![path],
            })
            .filter(|path| path.extension().is_some_and(|extension| extension == "js"))
            .collect()
    }

    #[test]
    fn every_url_leads_to_a_file() {
        for url in URLS {
            assert!(asset_at(url).is_some(), "{url}");
        }
    }

    #[test]
    fn a_url_contains_a_hash_of_the_content() {
        let parts: Vec<&str> = STYLE.split('.').collect();
        assert_eq!([parts[0], parts[2]], ["/assets/savt", "css"]);
        assert!(parts[1].len() == 10 && parts[1].bytes().all(|c| c.is_ascii_hexdigit()));
    }

    #[test]
    fn compression_shrinks_the_script_to_a_third() {
        let script = asset_at(SCRIPT).unwrap();
        let brotli = script.brotli.unwrap();
        assert!(brotli.len() * 3 < script.plain.len());
        assert!(brotli.len() < script.gzip.unwrap().len());
    }

    #[test]
    fn every_script_is_in_the_bundle_or_served_alone() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let sources = SCRIPT_SOURCES.map(|source| assets.join(source));
        let contents = sources.each_ref().map(|source| {
            let content = fs::read_to_string(source).unwrap();
            match source.starts_with(assets.join("vendor")) {
                true => content,
                false => without_comments(&content),
            }
        });
        let bundle = asset_at(SCRIPT).unwrap().plain;
        assert_eq!(str::from_utf8(&bundle).unwrap(), contents.join("\n"));

        let mut bundled = sources.to_vec();
        bundled.push(assets.join("projector.js"));
        bundled.push(assets.join("result.js"));
        bundled.sort();
        let mut scripts = scripts_below(&assets);
        scripts.sort();
        assert_eq!(bundled, scripts);
    }

    /// Touch screens keep `:hover` on what was tapped last, so it must not apply there.
    #[test]
    fn style_sheets_use_hover_only_for_devices_that_can_hover() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        for entry in fs::read_dir(assets).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "css") {
                continue;
            }
            let style = fs::read_to_string(&path).unwrap();
            assert_eq!(
                unguarded_hovers(&style),
                Vec::<String>::new(),
                "{}",
                path.display()
            );
        }
        let missed = "a:hover { b { c: d } } @media (hover: hover) { e:hover {} } f { &:hover {} } @media (hover: none) { g:hover {} }";
        assert_eq!(unguarded_hovers(missed), ["a:hover", "&:hover", "g:hover"]);
    }

    /// The selectors with `:hover` outside of `@media (hover: hover)`.
    fn unguarded_hovers(style: &str) -> Vec<String> {
        let without_comments: String = style
            .split("/*")
            .enumerate()
            .map(|(n, part)| match n {
                0 => part,
                _ => part.split_once("*/").unwrap_or_default().1,
            })
            .collect();
        let (mut found, mut open, mut prelude) = (Vec::new(), Vec::new(), String::new());
        for char in without_comments.chars() {
            match char {
                '{' => {
                    let selector = std::mem::take(&mut prelude).trim().to_owned();
                    let guarded = |outer: &String| {
                        outer.starts_with("@media") && outer.contains("(hover: hover)")
                    };
                    if selector.contains(":hover") && !open.iter().any(guarded) {
                        found.push(selector.clone());
                    }
                    open.push(selector);
                }
                '}' => {
                    open.pop();
                    prelude.clear();
                }
                ';' => prelude.clear(),
                other => prelude.push(other),
            }
        }
        found
    }

    #[test]
    fn only_served_files_are_embedded() {
        let mut embedded: Vec<_> = Files::iter()
            .filter(|name| content_type(name).is_some())
            .map(|name| format!("/assets/{name}"))
            .collect();
        embedded.sort();
        let mut urls = URLS;
        urls.sort_unstable();
        assert_eq!(embedded, urls);
        assert!(find("htmx.min.js").is_none());
        assert!(asset_at(&format!("{SCRIPT}.br")).is_none());
        assert!(find("../Cargo.toml").is_none());
    }
}
