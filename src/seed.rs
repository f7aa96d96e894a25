//! The demo board, and large boards to try things on: everything through the door, as if people had done it.

use std::sync::Arc;

use futures_util::future::join_all;

use crate::{
    board::{Boards, Done, Failure, LiveBoard, Unopened},
    model::{Amount, Deed, ItemId, Kind, Name, Reason, Slug, Thing, Token, Wish},
    view::Language,
};

/// Wishes brought to the door at once: several transactions' worth, well below what may wait there.
const AT_ONCE: usize = 1_000;

/// Why there is no seed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the board cannot be opened: {0}")]
    Board(#[from] Unopened),
    #[error("the board refused: {0:?}")]
    Door(Failure),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        Error::Door(failure)
    }
}

/// The people of the demo.
const PEOPLE: [&str; 8] = [
    "Alice", "Bob", "Chiara", "Dmitri", "Esra", "Farid", "Grace", "Hiroshi",
];

/// Features with their amounts.
type Toppings = &'static [(&'static str, i64)];

/// The items of the demo, their kinds, and their features.
const PIZZAS: [(&str, &str, Toppings); 12] = [
    (
        "Margherita",
        "vegetarian",
        &[("Tomato", 1), ("Mozzarella", 2), ("Basil", 1)],
    ),
    (
        "Marinara",
        "vegan",
        &[("Tomato", 2), ("Garlic", 2), ("Oregano", 1)],
    ),
    (
        "Capricciosa",
        "with meat",
        &[
            ("Ham", 1),
            ("Artichokes", 1),
            ("Mushrooms", 1),
            ("Olives", 1),
            ("Anchovies", 1),
        ],
    ),
    ("Funghi", "vegetarian", &[("Mushrooms", 3), ("Parsley", 1)]),
    (
        "Diavola",
        "with meat",
        &[("Spicy salami", 2), ("Chilli", 2), ("Mozzarella", 1)],
    ),
    ("Hawaii", "with meat", &[("Ham", 1), ("Pineapple", 2)]),
    (
        "Quattro Formaggi",
        "vegetarian",
        &[
            ("Gorgonzola", 1),
            ("Fontina", 1),
            ("Parmesan", 1),
            ("Mozzarella", 1),
        ],
    ),
    (
        "Ortolana",
        "vegan",
        &[("Aubergine", 1), ("Courgette", 1), ("Peppers", 2)],
    ),
    (
        "Tonno",
        "with fish",
        &[("Tuna", 2), ("Red onions", 1), ("Capers", 1)],
    ),
    (
        "Frutti di Mare",
        "with fish",
        &[("Prawns", 1), ("Mussels", 1), ("Squid", 1)],
    ),
    ("Calzone", "with meat", &[("Ricotta", 1), ("Ham", 1)]),
    ("Bianca", "vegetarian", &[("Rosemary", 1), ("Olive oil", 1)]),
];

/// Features that belong to no item.
const FREE: [&str; 4] = [
    "Gluten-free base",
    "Delivery before 7 pm",
    "Salad for the table",
    "Tiramisù",
];

/// Who vetoes what, where, and why, if they say.
const VETOES: [(&str, &str, &str, Option<&str>); 11] = [
    ("Alice", "Capricciosa", "Anchovies", Some("too salty")),
    ("Bob", "Hawaii", "Pineapple", Some("fruit is for dessert")),
    ("Chiara", "Hawaii", "Pineapple", None),
    ("Dmitri", "Hawaii", "Pineapple", None),
    ("Esra", "Capricciosa", "Ham", Some("no pork, please")),
    ("Esra", "Hawaii", "Ham", Some("no pork, please")),
    ("Farid", "Diavola", "Spicy salami", None),
    ("Grace", "Quattro Formaggi", "Gorgonzola", None),
    ("Hiroshi", "Tonno", "Capers", None),
    (
        "Grace",
        "Frutti di Mare",
        "Squid",
        Some("I am allergic to it"),
    ),
    ("Bob", "Ortolana", "Aubergine", None),
];

/// Fills the board `main` with the demo; once it has been, nothing changes. Says how many events came of it.
pub async fn demo(boards: &Boards) -> Result<usize, Error> {
    let board = Seeded::open(boards).await?;
    if board
        .live
        .read()
        .await
        .board
        .actor(&person(PEOPLE[0]))
        .is_some()
    {
        return Ok(0);
    }
    let before = board.version().await;
    for name in PEOPLE {
        board.wish(name, Wish::Call(name_of(name))).await?;
    }
    for (n, (pizza, kind, toppings)) in PIZZAS.iter().enumerate() {
        let by = PEOPLE[n % PEOPLE.len()];
        let item = board.create(by, pizza, kind).await?;
        for (m, (topping, amount)) in toppings.iter().enumerate() {
            let by = PEOPLE[(n + m) % PEOPLE.len()];
            board.wish(by, suggest(topping, *amount, item)).await?;
        }
    }
    for (n, name) in FREE.iter().enumerate() {
        board.wish(PEOPLE[n], suggest(name, 1, None)).await?;
    }
    for (by, pizza, topping, why) in VETOES {
        let snapshot = board.live.read().await;
        let item = snapshot
            .board
            .item_named(&name_of(pizza))
            .map(|item| item.id);
        if let Some(feature) = snapshot.board.feature_named(item, &name_of(topping)) {
            let deed = Deed::VetoBecause {
                feature: feature.id,
                reason: why.map(|why| Reason::stored(why.to_owned())),
            };
            board.wish(by, deed).await?;
        }
    }
    let snapshot = board.live.read().await;
    let [item, into] = ["Bianca", "Calzone"].map(|name| snapshot.board.item_named(&name_of(name)));
    if let (Some(item), Some(into)) = (item, into) {
        let (item, into) = (item.id, into.id);
        board.wish("Hiroshi", Deed::Merge { item, into }).await?;
    }
    Ok((board.version().await - before) as usize)
}

/// How large a board to make.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub items: u32,
    /// Of each item.
    pub features: u32,
    pub people: u32,
}

/// Fills the board `main` up to this size; what is there already stays as it is. Says how many events came of it.
pub async fn large(boards: &Boards, size: Size) -> Result<usize, Error> {
    let board = Seeded::open(boards).await?;
    let before = board.version().await;
    let person = |n: u32| format!("Person {}", n % size.people + 1);
    let join = (0..size.people).map(|n| (person(n), Wish::Call(name_of(&person(n)))));
    board.wishes(join.collect()).await?;

    let snapshot = board.live.read().await;
    let missing = (0..size.items)
        .map(|n| (n, name_of(&format!("{} {}", board.item_word, n + 1))))
        .filter(|(_, name)| snapshot.board.item_named(name).is_none());
    let create = missing.map(|(n, name)| {
        let kind = ["vegan", "vegetarian", "with meat"][n as usize % 3];
        (person(n), board.new_item(name, kind))
    });
    board.wishes(create.collect()).await?;

    let snapshot = board.live.read().await;
    let mut suggestions = Vec::new();
    for n in 0..size.items {
        let name = name_of(&format!("{} {}", board.item_word, n + 1));
        let Some(item) = snapshot.board.item_named(&name) else {
            continue;
        };
        for m in 0..size.features {
            let name = format!("{} {}", board.feature_word, m + 1);
            if snapshot
                .board
                .feature_named(Some(item.id), &name_of(&name))
                .is_none()
            {
                let wish = suggest(&name, i64::from(m % 3) + 1, Some(item.id)).into();
                suggestions.push((person(n + m), wish));
            }
        }
    }
    board.wishes(suggestions).await?;

    // Every tenth feature has somebody against it.
    let snapshot = board.live.read().await;
    let features = snapshot
        .board
        .items()
        .flat_map(|item| snapshot.board.features_of(Some(item.id)));
    let vetoes = features
        .step_by(10)
        .zip(0..)
        .map(|(feature, n)| (person(n), Deed::Veto(feature.id).into()));
    board.wishes(vetoes.collect()).await?;
    Ok((board.version().await - before) as usize)
}

/// The board that is seeded.
struct Seeded {
    live: Arc<LiveBoard>,
    item_word: String,
    feature_word: String,
}

impl Seeded {
    async fn open(boards: &Boards) -> Result<Seeded, Error> {
        let terms = &boards.languages().texts(Language::default()).terms;
        Ok(Seeded {
            live: boards.open(&Slug::main()).await?,
            item_word: terms.item_at_head(),
            feature_word: terms.feature_at_head(),
        })
    }

    async fn version(&self) -> i64 {
        self.live.read().await.board.version()
    }

    async fn wish(&self, by: &str, wish: impl Into<Wish>) -> Result<Done, Error> {
        Ok(self.live.wish(person(by), wish).await?)
    }

    /// Brings many wishes to the door, as many at once as it takes well, in order.
    async fn wishes(&self, wishes: Vec<(String, Wish)>) -> Result<(), Error> {
        for some in wishes.chunks(AT_ONCE) {
            let done = some
                .iter()
                .map(|(by, wish)| self.live.wish(person(by), wish.clone()));
            for outcome in join_all(done).await {
                outcome?;
            }
        }
        Ok(())
    }

    async fn create(&self, by: &str, name: &str, kind: &str) -> Result<Option<ItemId>, Error> {
        let done = self.wish(by, self.new_item(name_of(name), kind)).await?;
        Ok(match done.about {
            Some(Thing::Item(id)) => Some(id),
            _ => None,
        })
    }

    fn new_item(&self, name: Name, kind: &str) -> Wish {
        let fallback = name_of(&self.item_word);
        let kind = Some(Kind::stored(kind.to_owned()));
        Wish::Do(Deed::CreateItem {
            name: Some(name),
            kind,
            fallback,
        })
    }
}

fn suggest(name: &str, amount: i64, item: Option<ItemId>) -> Deed {
    Deed::Suggest {
        name: name_of(name),
        amount: Amount::new(amount).unwrap_or_default(),
        item,
    }
}

/// The browser of a seeded person; no cookie hashes to this.
fn person(name: &str) -> Token {
    Token::hashed(format!("seed {name}"))
}

fn name_of(text: &str) -> Name {
    Name::stored(text.to_owned())
}
