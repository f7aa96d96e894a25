//! Prepares what browsers fetch: each served file is named by its content and compressed as
//! small as it gets, once and here, instead of at each request.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// What is served: the constant that holds its address, its name, and the files below `assets/` it is made of. Nothing
/// else there gets into the program.
///
/// The scripts are one: between two, the browser may do something else, and htmx would then go to work before it knows
/// what the next one teaches it.
const SERVED: [(&str, &str, &[&str]); 6] = [
    ("STYLE", "savt.css", &["savt.css"]),
    ("MONITOR_STYLE", "monitor.css", &["monitor.css"]),
    (
        "SCRIPT",
        "savt.js",
        &[
            "vendor/htmx/htmx.min.js",
            "vendor/htmx/hx-sse.min.js",
            "savt.js",
            "share.js",
            "ahead.js",
            "ghosts.js",
            "live.js",
            "heard.js",
            "menu.js",
            "filter.js",
            "order.js",
            "doubles.js",
            "recent.js",
            "keys.js",
        ],
    ),
    ("ICON", "favicon.svg", &["favicon.svg"]),
    ("ICON_192", "icon-192.png", &["icon-192.png"]),
    ("ICON_512", "icon-512.png", &["icon-512.png"]),
];

/// 40 bits of a SHA-256: enough to tell versions apart.
const HASH_BYTES: usize = 5;

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let folder = out.join("assets");
    // What an earlier build left would be embedded too.
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(&folder)?,
    }

    println!("cargo::rerun-if-changed=build.rs");
    // Migrations are embedded by a macro that cargo does not see.
    println!("cargo::rerun-if-changed=migrations");
    let mut manifest = String::new();
    for (constant, name, files) in SERVED {
        let content = joined(files)?;
        let name = hashed_name(Path::new(name), &content);

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
        manifest += &format!(
            "/// The address of {}.\npub const {constant}: &str = \"/assets/{name}\";\n",
            files.join(", ")
        );
    }
    manifest += &format!(
        "/// What the pages are made of: differs when anything of their source or of the assets does.\npub const MAKE: &str = \"{}\";\n",
        make()?
    );
    fs::write(out.join("assets.rs"), manifest)
}

/// The files below `assets/` one after the other.
fn joined(files: &[&str]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    for (n, file) in files.iter().enumerate() {
        if n > 0 {
            content.push(b'\n');
        }
        content.extend(fs::read(source(file))?);
    }
    Ok(content)
}

fn source(file: &str) -> PathBuf {
    let source = Path::new("assets").join(file);
    println!("cargo::rerun-if-changed={}", source.display());
    source
}

/// A hash of all that a page is made by, so that no browser keeps a page of another build for one of this.
fn make() -> io::Result<String> {
    let mut sources = files_below(Path::new("src/view"))?;
    sources.extend(
        SERVED
            .iter()
            .flat_map(|(.., files)| *files)
            .map(|file| source(file)),
    );
    sources.extend(["src/view.rs", "src/board/rendering.rs", "Cargo.lock"].map(PathBuf::from));
    sources.sort();
    let mut hash = Sha256::new();
    println!("cargo::rerun-if-changed=src/view");
    for source in sources {
        println!("cargo::rerun-if-changed={}", source.display());
        hash.update(fs::read(&source)?);
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

/// A tiny file may grow when compressed; then it is served as it is.
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
