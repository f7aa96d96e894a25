//! Prepares what browsers fetch: each served file is named by its content and compressed as
//! small as it gets, once and here, instead of at each request.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// What is served: the constant that holds its address, and its file below `assets/`. Nothing
/// else there gets into the program.
const SERVED: [(&str, &str); 4] = [
    ("STYLE", "savt.css"),
    ("SCRIPT", "savt.js"),
    ("HTMX", "vendor/htmx/htmx.min.js"),
    ("ICON", "favicon.svg"),
];

/// 40 bits of a file's SHA-256: enough to tell its versions apart.
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
    for (constant, file) in SERVED {
        let source = Path::new("assets").join(file);
        println!("cargo::rerun-if-changed={}", source.display());
        let content = fs::read(&source)?;
        let name = hashed_name(&source, &content);

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
            "/// The address of `assets/{file}`.\npub const {constant}: &str = \"/assets/{name}\";\n"
        );
    }
    fs::write(out.join("assets.rs"), manifest)
}

/// `assets/savt.css` becomes `savt.3f2a91c04b.css`.
fn hashed_name(source: &Path, content: &[u8]) -> String {
    let hash = Sha256::digest(content)[..HASH_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
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
