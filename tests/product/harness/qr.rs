//! Decodes QR codes from pixels, as a phone's camera does.

use std::io::Cursor;

use rqrr::PreparedImage;

use super::page::attribute_of;

/// The width of a module in pixels.
const DOTS: usize = 4;

/// Decodes the QR code that a page draws as SVG.
#[track_caller]
pub fn in_page(html: &str) -> String {
    let of = |selector, name| attribute_of(html, selector, name).unwrap();
    let side: usize = of("svg.qr rect", "width").parse().unwrap();
    assert_eq!(of("svg.qr", "viewBox"), format!("0 0 {side} {side}"));
    let mut dark = vec![false; side * side];
    for run in of("svg.qr path", "d").split('M').skip(1) {
        let (left, rest) = run.split_once(' ').unwrap();
        let (top, rest) = rest.split_once('h').unwrap();
        let (width, _) = rest.split_once('v').unwrap();
        let [left, top, width]: [usize; 3] = [left, top, width].map(|n| n.parse().unwrap());
        let inside = 4..side - 4;
        assert!(
            [left, left + width - 1, top]
                .iter()
                .all(|n| inside.contains(n)),
            "{run} is in the quiet zone"
        );
        dark[top * side + left..][..width].fill(true);
    }
    let mut found = read(side * DOTS, side * DOTS, |x, y| {
        if dark[y / DOTS * side + x / DOTS] {
            0
        } else {
            255
        }
    });
    assert_eq!(found.len(), 1, "the page must hold one QR code");
    found.swap_remove(0)
}

/// Decodes all QR codes in a screenshot.
pub fn on_screen(picture: &[u8]) -> Vec<String> {
    let decoder = png::Decoder::new(Cursor::new(picture));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let (line, dot) = (info.line_size, info.color_type.samples());
    // The green channel serves as brightness.
    read(width, height, |x, y| bytes[y * line + x * dot + 1])
}

fn read(width: usize, height: usize, brightness: impl FnMut(usize, usize) -> u8) -> Vec<String> {
    let mut image = PreparedImage::prepare_from_greyscale(width, height, brightness);
    let grids = image.detect_grids();
    grids.iter().map(|grid| grid.decode().unwrap().1).collect()
}
