//! The demo: a group that chooses pizzas.

use super::seeder::{Error, Seeder, browser_of, name_of, suggest};
use crate::{
    board::Boards,
    model::{BoardAction, Command, FieldEdit, Purpose, Reason, SettingsEdit},
};

const NAME: &str = "Pizza night";

const PURPOSE: &str = "Which pizzas for Friday? Menu: https://example.com/menu";

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

/// Who vetoes which feature of which item, and the reason, if any.
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

/// Who is fine with the rest. The others have not said so yet.
const FINE: [&str; 5] = ["Alice", "Bob", "Chiara", "Esra", "Grace"];

/// Who does not take part, as the first of `PEOPLE` says.
const NOT_TAKING_PART: &str = "Farid";

/// Fills the board `main` with the demo, once. Returns how many events were written.
pub async fn demo(boards: &Boards) -> Result<usize, Error> {
    let seeder = Seeder::open(boards).await?;
    let snapshot = seeder.snapshot().await;
    if snapshot.board.actor(&browser_of(PEOPLE[0])).is_some() {
        return Ok(0);
    }
    let before = snapshot.board.version();
    for name in PEOPLE {
        seeder.execute(name, Command::Rename(name_of(name))).await?;
    }
    let settings = SettingsEdit {
        name: Some(FieldEdit::replacing(name_of(NAME))),
        purpose: Some(FieldEdit::replacing(Some(Purpose::from_stored(
            PURPOSE.to_owned(),
        )))),
        ..SettingsEdit::default()
    };
    let action = BoardAction::EditSettings(Box::new(settings));
    seeder.execute(PEOPLE[0], action).await?;
    for (n, (pizza, kind, toppings)) in PIZZAS.iter().enumerate() {
        let author = PEOPLE[n % PEOPLE.len()];
        let item = seeder.create_item(author, pizza, kind).await?;
        for (m, (topping, amount)) in toppings.iter().enumerate() {
            let author = PEOPLE[(n + m) % PEOPLE.len()];
            let suggestion = suggest(topping, *amount, item);
            seeder.execute(author, suggestion).await?;
        }
    }
    for (n, name) in FREE.iter().enumerate() {
        seeder.execute(PEOPLE[n], suggest(name, 1, None)).await?;
    }
    for (vetoer, pizza, topping, reason) in VETOES {
        let board = &seeder.snapshot().await.board;
        let item = board.item_named(&name_of(pizza)).map(|item| item.id);
        if let Some(feature) = board.feature_named(item, &name_of(topping)) {
            let action = BoardAction::VetoWithReason {
                feature: feature.id,
                reason: reason.map(|reason| Reason::from_stored(reason.to_owned())),
            };
            seeder.execute(vetoer, action).await?;
        }
    }
    let board = &seeder.snapshot().await.board;
    let [item, into] = ["Bianca", "Calzone"].map(|name| board.item_named(&name_of(name)));
    if let (Some(item), Some(into)) = (item, into) {
        let (item, into) = (item.id, into.id);
        let action = BoardAction::Merge { item, into };
        seeder.execute("Hiroshi", action).await?;
    }
    for person in FINE {
        let seen = Some(seeder.version().await);
        let consent = BoardAction::Consent { seen };
        seeder.execute(person, consent).await?;
    }
    let board = &seeder.snapshot().await.board;
    if let Some(participant) = board.participant_named(&name_of(NOT_TAKING_PART)) {
        let action = BoardAction::SetAside(participant.id);
        seeder.execute(PEOPLE[0], action).await?;
    }
    Ok((seeder.version().await - before) as usize)
}
