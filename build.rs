//! Prepares the files that browsers fetch: names each by a hash of its content and compresses it as well as possible, once at
//! build time instead of on every request.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

#[path = "src/assets/without_comments.rs"]
mod without_comments;

use without_comments::without_comments;

/// A served file, made of files below `assets/`. No other file there gets into the program.
struct Bundle {
    /// The constant in `src/assets.rs` that holds the URL.
    constant: &'static str,
    name: &'static str,
    sources: &'static [&'static str],
}

const BUNDLES: [Bundle; 9] = [
    Bundle {
        constant: "STYLE",
        name: "savt.css",
        sources: &[
            "savt.css",
            "closing.css",
            "columns.css",
            "note.css",
            "new-board.css",
            "consent.css",
            "result.css",
            "print.css",
        ],
    },
    Bundle::single("MONITOR_STYLE", &["monitor.css"]),
    // Only the reference of the API needs it.
    Bundle::single("REFERENCE_STYLE", &["reference.css"]),
    // One bundle: htmx starts as soon as the browser has time between two scripts, and must not start before its extensions
    // are registered.
    Bundle {
        constant: "SCRIPT",
        name: "savt.js",
        sources: &[
            "vendor/htmx/htmx.min.js",
            "vendor/htmx/hx-sse.min.js",
            "htmx-adapter.js",
            "savt.js",
            "toasts.js",
            "double-press.js",
            "share.js",
            "optimistic-veto.js",
            "optimistic-rows.js",
            "entry-forms.js",
            "paste-items.js",
            "live.js",
            "background.js",
            "consent.js",
            "announcer.js",
            "menu.js",
            "filter.js",
            "sort.js",
            "duplicate-hint.js",
            "recent.js",
            "closing.js",
            "identity.js",
            "shortcuts.js",
        ],
    },
    // Only the projector view needs it.
    Bundle::single("PROJECTOR_SCRIPT", &["projector.js"]),
    // Only the result page needs it.
    Bundle::single("RESULT_SCRIPT", &["result.js"]),
    Bundle::single("ICON", &["favicon.svg"]),
    Bundle::single("ICON_192", &["icon-192.png"]),
    Bundle::single("ICON_512", &["icon-512.png"]),
];

impl Bundle {
    /// A file that is served under its own name.
    const fn single(constant: &'static str, source: &'static [&'static str; 1]) -> Bundle {
        Bundle {
            constant,
            name: source[0],
            sources: source,
        }
    }
}

/// The other sources of a page, besides the assets: its markup, and the versions of the crates that produce it.
const PAGE_FOLDERS: [&str; 2] = ["src/view", "src/board/render"];
const PAGE_FILES: [&str; 2] = ["src/view.rs", "Cargo.lock"];

/// 40 bits of a SHA-256, enough to distinguish versions.
const HASH_BYTES: usize = 5;

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let folder = out.join("assets");
    // Files of an earlier build would be embedded too.
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(&folder)?,
    }

    println!("cargo::rerun-if-changed=build.rs");
    // Migrations are embedded by a macro whose inputs Cargo does not track.
    println!("cargo::rerun-if-changed=migrations");
    // As JSON it has hundreds of kilobytes.
    println!("cargo::rerun-if-changed=src/api/openapi.json");
    let description = fs::read("src/api/openapi.json")?;
    fs::write(out.join("openapi.json.gz"), gzip(&description)?)?;
    let mut constants = String::new();
    for bundle in &BUNDLES {
        let content = concatenate(bundle.sources)?;
        let name = hashed_name(Path::new(bundle.name), &content);
        write_if_smaller(
            &folder.join(format!("{name}.br")),
            brotli(&content)?,
            &content,
        )?;
        write_if_smaller(
            &folder.join(format!("{name}.gz")),
            gzip(&content)?,
            &content,
        )?;
        fs::write(folder.join(&name), content)?;
        let Bundle {
            constant, sources, ..
        } = bundle;
        constants += &format!(
            "/// The URL of {}.\npub const {constant}: &str = \"/assets/{name}\";\n",
            sources.join(", ")
        );
        if *constant == "SCRIPT" {
            constants += &format!(
                "/// The files of the script bundle, below `assets/`.\n#[cfg(test)]\nconst SCRIPT_SOURCES: [&str; {}] = {sources:?};\n",
                sources.len()
            );
        }
    }
    constants += &format!(
        "/// The URLs of all assets.\n#[cfg(test)]\nconst URLS: [&str; {}] = [{}];\n",
        BUNDLES.len(),
        BUNDLES.map(|bundle| bundle.constant).join(", ")
    );
    constants += &format!(
        "/// A hash of everything that determines the markup of a page, including its assets.\npub const BUILD_HASH: &str = \"{}\";\n",
        build_hash()?
    );
    fs::write(out.join("assets.rs"), constants)
}

/// The content of files below `assets/`, one after the other, without the comments of our own scripts and style sheets.
fn concatenate(files: &[&str]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    for (n, file) in files.iter().enumerate() {
        if n > 0 {
            content.push(b'\n');
        }
        let path = asset_path(file);
        let is_own = !file.starts_with("vendor/");
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("js" | "css") if is_own => {
                content.extend(without_comments(&fs::read_to_string(path)?).bytes());
            }
            _ => content.extend(fs::read(path)?),
        }
    }
    Ok(content)
}

fn asset_path(file: &str) -> PathBuf {
    let path = Path::new("assets").join(file);
    println!("cargo::rerun-if-changed={}", path.display());
    path
}

/// A hash of everything that determines the markup of a page. It is part of the ETag, so that a browser does not reuse a page
/// of another build.
fn build_hash() -> io::Result<String> {
    let mut paths: Vec<PathBuf> = PAGE_FILES.map(PathBuf::from).into();
    for folder in PAGE_FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        paths.extend(files_below(Path::new(folder))?);
    }
    let sources = BUNDLES.iter().flat_map(|bundle| bundle.sources);
    paths.extend(sources.map(|source| asset_path(source)));
    paths.sort();
    let mut hash = Sha256::new();
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        hash.update(fs::read(&path)?);
    }
    Ok(short(&hash.finalize()))
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => files.extend(files_below(&path)?),
            false => files.push(path),
        }
    }
    Ok(files)
}

/// `assets/savt.css` becomes `savt.3f2a91c04b.css`.
fn hashed_name(source: &Path, content: &[u8]) -> String {
    let hash = short(&Sha256::digest(content));
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    format!(
        "{}.{hash}.{}",
        part(source.file_stem()),
        part(source.extension())
    )
}

/// The first bytes of a hash.
fn short(hash: &[u8]) -> String {
    hex::encode(&hash[..HASH_BYTES])
}

/// Skips the compressed form of a tiny file that would grow: it is served uncompressed.
fn write_if_smaller(path: &Path, compressed: Vec<u8>, content: &[u8]) -> io::Result<()> {
    if compressed.len() < content.len() {
        fs::write(path, compressed)?;
    }
    Ok(())
}

fn brotli(mut content: &[u8]) -> io::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut compressed, &params)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
