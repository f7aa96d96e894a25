//! The visible content of a page, parsed from its HTML.

use std::fmt;

use savt::model::{Board, ItemId};
use scraper::{ElementRef, Html, Selector};

/// The page of a board.
#[derive(Debug)]
pub struct Page {
    pub shown: BoardContent,
    /// The own name: "You are Alice".
    pub me: String,
    pub stats: String,
    /// What it says about consent.
    pub consent: String,
    /// What the board was closed with.
    pub outcome: String,
    pub toasts: Vec<String>,
    /// The version of the board in the page.
    pub version: i64,
    /// The address of its stream.
    pub stream: String,
}

/// The content of a board. As text: one line per item, the free features last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardContent {
    pub items: Vec<Item>,
    pub free: Vec<Feature>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub kind: Option<String>,
    pub features: Vec<Feature>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    pub id: i64,
    pub name: String,
    /// `×2`; `None` for an amount of one.
    pub amount: Option<String>,
    /// `vetoed by Alice (too salty), Bob`, or `vetoed by Alice, Bob and 28 more`.
    pub vetoers: Option<String>,
    /// The label of its button.
    pub button: String,
}

/// A fragment with its swap and target.
#[derive(Debug)]
pub struct Partial {
    pub target: String,
    pub swap: String,
    pub html: String,
}

impl Page {
    pub fn parse(html: &str) -> Page {
        let page = Html::parse_document(html);
        let root = page.root_element();
        let connection = select(root, "#connection").next().unwrap();
        let connection = |name| attribute(connection, name).unwrap();
        let items = select(root, "#items > li.item").map(Item::read);
        Page {
            shown: BoardContent {
                items: items.collect(),
                free: features(root, "#free-features > li.feature"),
            },
            me: first(root, "#me > summary").unwrap(),
            stats: first(root, "#stats").unwrap(),
            consent: first(root, "#consent").unwrap(),
            outcome: first(root, "#outcome").unwrap(),
            toasts: select(root, "#toasts .toast > p").map(text).collect(),
            version: connection("data-version").parse().unwrap(),
            stream: connection("hx-sse:connect"),
        }
    }

    /// The feature of this name, on any item or free.
    #[track_caller]
    pub fn feature(&self, name: &str) -> &Feature {
        let owned = self.shown.items.iter().flat_map(|item| &item.features);
        let found = owned
            .chain(&self.shown.free)
            .find(|feature| feature.name == name);
        found.unwrap_or_else(|| panic!("no feature {name} among\n{}", self.shown))
    }
}

impl BoardContent {
    /// What a page must show of a board to someone without vetoes.
    pub fn from_board(board: &Board) -> BoardContent {
        let features = |item: Option<ItemId>| {
            let features = board.features_of(item).map(|feature| {
                let people = board.vetoers(feature.id).zip(board.vetoes_of(feature.id));
                // A name that all vetoes were given to is said once, after all vetoers.
                let mut given_to = board.vetoes_of(feature.id).map(|veto| &veto.given_to);
                let first = given_to.next().cloned().flatten();
                let common =
                    first.filter(|first| given_to.all(|name| name.as_ref() == Some(first)));
                let vetoers: Vec<String> = people
                    .map(|(person, veto)| {
                        let mut text = person.name.to_string();
                        if let Some(reason) = &veto.reason {
                            text += &format!(" ({reason})");
                        }
                        if let (None, Some(name)) = (&common, &veto.given_to) {
                            text += &format!(" (when it was {name})");
                        }
                        text
                    })
                    .collect();
                let when = common.map(|name| format!(", when it was {name}"));
                Feature {
                    id: feature.id.0,
                    name: feature.name.to_string(),
                    amount: (feature.amount.get() > 1).then(|| format!("×{}", feature.amount)),
                    vetoers: vetoed_by(&vetoers).map(|text| text + &when.unwrap_or_default()),
                    button: format!("Veto {}", feature.name),
                }
            });
            features.collect()
        };
        let items = board.items().map(|item| Item {
            id: item.id.0,
            name: item.name.to_string(),
            kind: item.kind.as_ref().map(ToString::to_string),
            features: features(Some(item.id)),
        });
        BoardContent {
            items: items.collect(),
            free: features(None),
        }
    }
}

impl fmt::Display for BoardContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        for item in &self.items {
            let mut line = item.name.clone();
            if let Some(kind) = &item.kind {
                line += &format!(" ({kind})");
            }
            lines.push(with_features(line, &item.features));
        }
        if !self.free.is_empty() {
            lines.push(with_features("free".to_owned(), &self.free));
        }
        f.write_str(&lines.join("\n"))
    }
}

/// The text of a row about its vetoers: from four on, only the first two by name.
fn vetoed_by(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one, other, more @ ..] if more.len() > 1 => {
            Some(format!("vetoed by {one}, {other} and {} more", more.len()))
        }
        few => Some(format!("vetoed by {}", few.join(", "))),
    }
}

fn with_features(line: String, features: &[Feature]) -> String {
    let features: Vec<String> = features.iter().map(ToString::to_string).collect();
    match features.is_empty() {
        true => line,
        false => format!("{line}: {}", features.join(", ")),
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(amount) = &self.amount {
            write!(f, " {amount}")?;
        }
        if let Some(vetoers) = &self.vetoers {
            write!(f, " [{vetoers}]")?;
        }
        Ok(())
    }
}

impl Item {
    fn read(card: ElementRef) -> Item {
        Item {
            id: id_of(card, "item-"),
            name: first(card, ".head .name").unwrap(),
            kind: first(card, ".head .kind"),
            features: features(card, "ul.features > li.feature"),
        }
    }
}

impl Feature {
    fn read(row: ElementRef) -> Feature {
        let button = select(row, "button").next();
        Feature {
            id: id_of(row, "feature-"),
            name: first(row, ".name").unwrap(),
            amount: first(row, ".amount"),
            vetoers: first(row, ".vetoers"),
            button: button
                .and_then(|button| attribute(button, "aria-label"))
                .unwrap(),
        }
    }
}

impl Partial {
    pub fn parse_all(html: &str) -> Vec<Partial> {
        let page = Html::parse_fragment(html);
        let partials = select(page.root_element(), "hx-partial").map(|partial| Partial {
            target: attribute(partial, "hx-target").unwrap(),
            swap: attribute(partial, "hx-swap").unwrap(),
            html: partial.inner_html(),
        });
        partials.collect()
    }

    /// The ids of the elements in it, the outermost first. Quotation marks in user input are escaped, so a search is
    /// enough.
    pub fn ids(&self) -> Vec<String> {
        let after = self.html.split(" id=\"").skip(1);
        let ids = after.filter_map(|rest| rest.split_once('"'));
        ids.map(|(id, _)| id.to_owned()).collect()
    }

    /// The card it holds.
    pub fn item(&self) -> Option<Item> {
        let piece = Html::parse_fragment(&self.html);
        let card = select(piece.root_element(), "li.item").next();
        card.map(Item::read)
    }

    /// The row it holds, if it is not a card.
    pub fn feature(&self) -> Option<Feature> {
        let piece = Html::parse_fragment(&self.html);
        let row = select(piece.root_element(), "li.feature").next();
        row.map(Feature::read)
    }

    /// The name and the kind in the head of a card.
    pub fn head(&self) -> (String, Option<String>) {
        let piece = Html::parse_fragment(&self.html);
        let root = piece.root_element();
        (first(root, ".name").unwrap(), first(root, ".kind"))
    }

    /// Its visible text.
    pub fn text(&self) -> String {
        text(Html::parse_fragment(&self.html).root_element())
    }

    /// The visible text of the first element that matches a selector.
    pub fn text_of(&self, selector: &str) -> Option<String> {
        first(Html::parse_fragment(&self.html).root_element(), selector)
    }
}

/// The swap and target: `outerMorph #feature-1`.
impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.swap, self.target)
    }
}

/// The text of every element that matches a selector.
pub fn text_of(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    select(page.root_element(), selector).map(text).collect()
}

/// An attribute of the first element that matches a selector.
pub fn attribute_of(html: &str, selector: &str, name: &str) -> Option<String> {
    let page = Html::parse_document(html);
    let found = select(page.root_element(), selector).next();
    found.and_then(|element| attribute(element, name))
}

fn features(element: ElementRef, selector: &'static str) -> Vec<Feature> {
    select(element, selector).map(Feature::read).collect()
}

fn id_of(element: ElementRef, prefix: &str) -> i64 {
    let id = attribute(element, "id").unwrap();
    id.strip_prefix(prefix).unwrap().parse().unwrap()
}

fn select<'a>(element: ElementRef<'a>, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    element.select(&selector).collect::<Vec<_>>().into_iter()
}

fn first(element: ElementRef, selector: &str) -> Option<String> {
    select(element, selector).next().map(text)
}

fn attribute(element: ElementRef, name: &str) -> Option<String> {
    element.attr(name).map(ToOwned::to_owned)
}

/// The visible text, with white space collapsed as in a browser.
fn text(element: ElementRef) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
