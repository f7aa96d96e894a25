//! Texts of several lines that people typed (purposes, notes, reasons), with their web addresses as links. What a reader sees is
//! exactly what was typed. A link leads to the host that it shows: an address that hides its host is no link.

use maud::{Markup, html};

/// The schemes of addresses that become links.
const SCHEMES: [&str; 2] = ["https://", "http://"];

/// A part of a line.
#[derive(Debug, PartialEq)]
enum Part<'t> {
    Text(&'t str),
    Link(&'t str),
}

/// The text as HTML: escaped, with line breaks and links. The caller's element has `dir="auto"`.
pub fn rich_text(text: &str) -> Markup {
    html! {
        @for (number, line) in text.split('\n').enumerate() {
            @if number > 0 { br; }
            @for part in parts(line) {
                @match part {
                    Part::Text(text) => (text),
                    // The direction of the address is fixed, so that letters in its path cannot reorder its host.
                    Part::Link(url) => a href=(url) dir="ltr" hx-boost="false" rel="nofollow noopener noreferrer ugc" { (url) },
                }
            }
        }
    }
}

/// The links of a line, and the text between them.
fn parts(line: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    // Where the text that is not yet in `parts` starts, and where the next address is looked for.
    let (mut start, mut from) = (0, 0);
    while let Some(at) = line[from..].find("://").map(|at| from + at) {
        from = at + "://".len();
        let Some(begin) = scheme_before(line, from).filter(|begin| *begin >= start) else {
            continue;
        };
        let url = address(&line[begin..]);
        if shows_its_host(&url[from - begin..]) {
            parts.extend((begin > start).then(|| Part::Text(&line[start..begin])));
            parts.push(Part::Link(url));
            start = begin + url.len();
            from = start;
        }
    }
    parts.extend((start < line.len()).then(|| Part::Text(&line[start..])));
    parts
}

/// Where the scheme that ends at `end` begins; none if it is another one, such as `xhttp://`.
fn scheme_before(line: &str, end: usize) -> Option<usize> {
    SCHEMES.into_iter().find_map(|scheme| {
        let begin = end.checked_sub(scheme.len())?;
        let is_scheme = line.get(begin..end)?.eq_ignore_ascii_case(scheme);
        let before = line[..begin].chars().next_back();
        let is_word = before.is_some_and(|char| char.is_alphanumeric() || "+-._".contains(char));
        (is_scheme && !is_word).then_some(begin)
    })
}

/// The address at the start of a text: up to a blank or a quotation mark, without the punctuation of the sentence around it.
fn address(text: &str) -> &str {
    let ends =
        |char: char| char.is_whitespace() || char.is_control() || "<>\"“”„«»`{}|\\^".contains(char);
    let mut url = &text[..text.find(ends).unwrap_or(text.len())];
    while let Some(last) = url.chars().next_back() {
        let belongs = match last {
            ')' => count(url, ')') <= count(url, '('),
            ']' => count(url, ']') <= count(url, '['),
            _ => !".,;:!?'’‘*_~…".contains(last),
        };
        if belongs {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

fn count(text: &str, char: char) -> usize {
    text.chars().filter(|other| *other == char).count()
}

/// Whether a reader sees where an address without its scheme leads: a host of plain letters, which no other letters imitate, and
/// no `user@` before it.
fn shows_its_host(rest: &str) -> bool {
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_host = host.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|_| !port.starts_with('+'));
    is_host && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(text: &str) -> Vec<String> {
        let parts = text.split('\n').flat_map(parts);
        let links = parts.filter_map(|part| match part {
            Part::Link(url) => Some(url.to_owned()),
            Part::Text(_) => None,
        });
        links.collect()
    }

    /// What a browser shows of the markup, and the attribute `href` of each link.
    fn read(html: &str) -> (String, Vec<String>) {
        let unescape = |text: &str| {
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
        };
        let (mut text, mut hrefs, mut rest) = (String::new(), Vec::new(), html);
        while let Some((before, tag)) = rest.split_once('<') {
            text.push_str(before);
            let (tag, after) = tag.split_once('>').expect("each tag ends");
            rest = after;
            match tag {
                "br" => text.push('\n'),
                "/a" => {}
                _ => {
                    let href = tag.strip_prefix("a href=\"").expect("no other element");
                    let (href, others) = href.split_once('"').unwrap();
                    assert_eq!(
                        others,
                        " dir=\"ltr\" hx-boost=\"false\" rel=\"nofollow noopener noreferrer ugc\""
                    );
                    hrefs.push(unescape(href));
                }
            }
        }
        text.push_str(rest);
        (unescape(&text), hrefs)
    }

    #[test]
    fn addresses_become_links_without_the_punctuation_around_them() {
        for (text, expected) in [
            ("https://example.com", "https://example.com"),
            (
                "See https://example.com/menu?a=1&b=2#top.",
                "https://example.com/menu?a=1&b=2#top",
            ),
            ("(http://example.com:8000/)", "http://example.com:8000/"),
            (
                "https://de.wikipedia.org/wiki/Pizza_(Speise), really",
                "https://de.wikipedia.org/wiki/Pizza_(Speise)",
            ),
            ("„https://example.com/ä“", "https://example.com/ä"),
            ("HTTPS://Example.com!", "HTTPS://Example.com"),
            ("menu:https://example.com", "https://example.com"),
            ("http://192.0.2.7/x…", "http://192.0.2.7/x"),
        ] {
            assert_eq!(links(text), [expected], "{text}");
        }
        assert_eq!(
            links("http://a.example, http://b.example\nhttp://c.example"),
            ["http://a.example", "http://b.example", "http://c.example"]
        );
    }

    #[test]
    fn other_schemes_and_hidden_hosts_are_text() {
        for text in [
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "ftp://example.com",
            "data:text/html,x",
            "xhttp://example.com",
            "//example.com",
            "www.example.com",
            "https://",
            "https://.",
            "https://good.example@evil.example/",
            "https://good.example:80@evil.example/",
            "https://good.example\\@evil.example",
            "https://еxample.com",
            "https://example.com:99999",
            "https://example.com:+80",
            "https://exam\u{200b}ple.com",
            "https://%65xample.com",
        ] {
            let found = links(text);
            let truthful = found.iter().all(|link| link == "https://good.example");
            assert!(truthful, "{text}: {found:?}");
        }
    }

    #[test]
    fn markup_is_escaped_and_lines_are_kept() {
        let html = rich_text("<b>&\nhttps://example.com/?q=\"x").into_string();
        assert!(html.starts_with("&lt;b&gt;&amp;<br><a href=\"https://example.com/?q=\""));
        assert!(html.ends_with("https://example.com/?q=</a>&quot;x"));
    }

    fn typed() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("https://".to_owned()),
            Just("http://".to_owned()),
            Just("javascript:".to_owned()),
            Just("example.com".to_owned()),
            "[<>\"'&/:.@()?#a-z\\\\ \n%]{0,6}",
            "\\PC{0,4}",
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn everything_typed_is_shown_and_links_lead_where_they_say(text in typed()) {
            let (shown, hrefs) = read(&rich_text(&text).into_string());
            prop_assert_eq!(&shown, &text);
            for href in hrefs {
                prop_assert!(text.contains(&href));
                let url = url::Url::parse(&href).unwrap();
                prop_assert!(["http", "https"].contains(&url.scheme()));
                prop_assert!(url.username().is_empty() && url.password().is_none());
                let authority = href.split_once("://").unwrap().1;
                let numeric = url.domain().is_none();
                prop_assert!(numeric || authority.to_lowercase().starts_with(url.host_str().unwrap()));
            }
        }
    }
}
