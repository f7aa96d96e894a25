//! The board's page: header, the rendered cards and rows, footer.

use maud::{Markup, PreEscaped, html};

use super::{
    announcer::announcer,
    card::FREE_HEADING,
    closing,
    connection::{connection, outage},
    consent::{self, ConsentPanel},
    context::BoardContext,
    feature::{self, SuggestForm},
    filter::filter,
    item::{self, CreateForm},
    language::message,
    language_picker,
    layout::{Page, back},
    login,
    name_question::{self, NameQuestion},
    new_board::{self, NewBoardForm},
    outcome::outcome,
    participant::{self, NameForm},
    presence,
    preview::{self, PreviewLinks},
    settings, share,
    shortcuts::shortcuts,
    sort::order,
    time::time,
    title::title,
    url,
};
use crate::model::{Board, Name, ParticipantId, Stats, Timestamp};

/// The class of the page's body.
const CLASS: &str = "board";

/// The forms of the page that were rejected, with the values as they were sent and the reason.
#[derive(Default)]
pub struct Forms<'a> {
    pub item: Option<CreateForm<'a>>,
    pub feature: Option<SuggestForm<'a>>,
    pub name: Option<NameForm<'a>>,
    /// Asks for a name, also if none was rejected.
    pub question: Option<NameQuestion<'a>>,
}

/// What the page shows besides the board.
#[derive(Default)]
pub struct PageContext<'a> {
    pub me: Option<&'a Name>,
    pub viewer: Option<ParticipantId>,
    /// The name that this browser last chose on any board.
    pub remembered: Option<&'a str>,
    pub forms: Forms<'a>,
    pub toasts: Option<Markup>,
    pub database_down: bool,
    pub links: Option<PreviewLinks>,
    /// Whether the installation has a password, so that there is a logout button.
    pub login_required: bool,
    /// When the board is deleted if nothing changes, if that is soon.
    pub expires: Option<Timestamp>,
}

/// The whole page at this time; `cards` and `free` are the board's rendered rows.
pub fn page(
    board: &Board,
    now: Timestamp,
    cards: String,
    free: String,
    page: PageContext,
    context: &BoardContext,
) -> Markup {
    let empty = board.stats().items == 0;
    let texts = &context.texts;
    let header = html! {
        (settings::heading(board, context))
        (settings::purpose(board, context))
        div.bar {
            (connection(board, context))
            nav {
                (presence::link(None, context))
                (share::link(context))
                a href=(context.urls.history()) hx-boost="false" { (texts.text("history")) }
            }
        }
        (outage(page.database_down, texts))
        @if let Some(at) = page.expires { p.hint { (texts.markup_around("board-expires", &[("at", time(at, texts))])) } }
        (participant::me(page.me, page.remembered, page.forms.name.as_ref(), context))
    };
    let main = html! {
        (outcome(board, now, context))
        (item::create(page.forms.item.as_ref(), context))
        section aria-labelledby="items-heading" {
            div.heading {
                h2 #items-heading { (texts.text("items-heading")) }
                (stats(board.stats(), context))
                (order(texts))
            }
            (filter(context))
            p.empty hidden[!empty] {
                (texts.text("board-empty"))
            }
            ul #items data-duplicate=(texts.pattern("feature-exists", &["name"]))
                data-not-added=(texts.pattern("not-added", &["name"]))
                data-retry=(texts.text("retry")) data-discard=(texts.text("discard")) { (PreEscaped(cards)) }
        }
        section.free aria-labelledby=(FREE_HEADING) {
            h2 #(FREE_HEADING) { (texts.text("free-features")) }
            ul.features #free-features { (PreEscaped(free)) }
            (feature::suggest(None, page.forms.feature.as_ref(), context))
        }
        // Visible only on paper.
        p.print-note { (texts.text("print-note")) }
    };
    let footer = html! {
        (closing::link(context))
        (new_board::form(&NewBoardForm::default(), texts))
        p.back { (settings::link(context)) }
        p.back { a href=(context.urls.result()) hx-boost="false" { (texts.text("result-link")) } }
        p.back { a href=(url::BOARDS) hx-boost="false" { (texts.text("boards")) } }
        (new_board::copy_link(&context.urls, texts))
        (language_picker::on_board(context))
        @if page.login_required { (login::logout(texts)) }
        (shortcuts(context))
        (announcer(texts))
    };
    Page::new(title(board), texts)
        .preview(
            preview::standing(board, context),
            preview::preview(board, page.links.as_ref(), context),
        )
        .body_class(CLASS)
        .header(header)
        .question(name_question::place(
            page.me,
            page.forms.question.as_ref(),
            context,
        ))
        .main(main)
        .foot(consent::panel(
            &ConsentPanel::of(board, page.viewer, now),
            board.version(),
            context,
        ))
        .footer(footer)
        .toasts(page.toasts.unwrap_or_default())
        .render()
}

/// The line that counts what is on the board.
pub fn stats(stats: Stats, context: &BoardContext) -> Markup {
    let message = message("stats")
        .count("items", stats.items)
        .count("features", stats.features)
        .count("vetoed", stats.vetoed)
        .count("people", stats.people);
    html! { p #stats { (context.texts.text(message)) } }
}

/// The content of the sheet as a page, for browsers without JavaScript.
pub fn sheet_page(
    board: &Board,
    now: Timestamp,
    content: Markup,
    context: &BoardContext,
) -> Markup {
    let home = context.urls.home();
    Page::new(title(board), &context.texts)
        .header(html! { h1 { a href=(home) hx-boost="false" { (title(board)) } } })
        .main(html! { (outcome(board, now, context)) (content) (back(&home, &context.texts)) })
        .render()
}
