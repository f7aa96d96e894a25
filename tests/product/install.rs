//! Installing SAVT on a device: the manifest, its icons and the theme colors.

use serde_json::{Value, json};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
};

async fn manifest(person: &TestClient) -> (Answer, Value) {
    let page = person.get("").await.is(200);
    let address = page.attribute("link[rel=manifest]", "href");
    let answer = person.get(&address).await.is(200);
    let manifest = serde_json::from_str(&answer.body).unwrap();
    (answer, manifest)
}

db_test!(the_manifest_makes_savt_installable);
async fn the_manifest_makes_savt_installable(savt: Savt) {
    let alice = savt.person();
    let before = savt.stored().await;
    let (answer, manifest) = manifest(&alice).await;
    assert_eq!(answer.header("content-type"), "application/manifest+json");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    assert!(
        !answer.headers.contains_key("set-cookie"),
        "the manifest sets no cookie"
    );
    assert_eq!(manifest["name"], "SAVT");
    assert_eq!(manifest["start_url"], "/");
    assert_eq!(manifest["display"], "standalone");
    assert_eq!(savt.stored().await, before);
}

db_test!(every_icon_has_its_declared_size);
async fn every_icon_has_its_declared_size(savt: Savt) {
    let alice = savt.person();
    let (_, manifest) = manifest(&alice).await;
    let icons = manifest["icons"].as_array().unwrap();
    let purposes: Vec<_> = icons
        .iter()
        .map(|icon| (&icon["sizes"], &icon["purpose"]))
        .collect();
    assert_eq!(
        json!(purposes),
        json!([
            ["any", "any"],
            ["192x192", "any"],
            ["512x512", "any"],
            ["512x512", "maskable"]
        ])
    );
    for icon in icons {
        let answer = alice.get_request(icon["src"].as_str().unwrap());
        let answer = answer.send().await.unwrap().error_for_status().unwrap();
        let content_type = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(content_type.starts_with(icon["type"].as_str().unwrap()));
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.len() < 16_384, "{} bytes", bytes.len());
        if content_type == "image/png" {
            let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info();
            let info = reader.unwrap();
            let (width, height) = (info.info().width, info.info().height);
            assert_eq!(icon["sizes"], format!("{width}x{height}"));
        }
    }
}

db_test!(every_page_links_the_manifest_icon_and_theme_colors);
async fn every_page_links_the_manifest_icon_and_theme_colors(savt: Savt) {
    let alice = savt.person();
    for path in ["", "/?view=wall", "/share", "/history", "/nowhere"] {
        let page = alice.get(path).await;
        let manifest = page.attribute("link[rel=manifest]", "href");
        assert_eq!(manifest, "/manifest.webmanifest", "{path}");
        let icon = page.attribute("link[rel=apple-touch-icon]", "href");
        assert!(icon.ends_with(".png"), "{path}");
        for (scheme, paper) in [("light", "#f7f4ef"), ("dark", "#14171a")] {
            let meta = format!("meta[name=theme-color][media*={scheme}]");
            assert_eq!(page.attribute(&meta, "content"), paper, "{path}");
        }
    }
}
