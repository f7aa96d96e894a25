//! Every address the pages link to or post to. Knows no texts and no HTML; the router in `web` serves these addresses.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{Board, FeatureId, ItemId, ParticipantId, Slug};

/// The page of the board `main`.
pub const HOME: &str = "/";
/// The boards of this browser; a POST creates a board.
pub const BOARDS: &str = "/boards";
pub const LOGIN: &str = "/login";
pub const LOGOUT: &str = "/logout";
/// Sets the language of the pages.
pub const LANGUAGE: &str = "/language";
pub const MANIFEST: &str = "/manifest.webmanifest";
pub const FAVICON: &str = "/favicon.ico";
/// Reports that the process is up.
pub const HEALTH: &str = "/healthz";
/// Reports that the database answers.
pub const READY: &str = "/readyz";

/// The prefix of the addresses of the JSON API.
pub const API: &str = "/api/v1";
/// The reference of the API, and the prefix of everything that belongs to it.
pub const API_REFERENCE: &str = "/api";
pub const API_BOARDS: &str = "/api/v1/boards";
pub const API_LOGIN: &str = "/api/v1/login";
/// The OpenAPI document.
pub const API_DOCUMENT: &str = "/api/v1/openapi.json";

/// The prefix of the routes of a board other than `main`.
pub const BOARD_ROUTE: &str = "/b/:board";

/// The value of the query parameter `view` that selects the projector view of a board.
pub const PROJECTOR_VIEW: &str = "wall";

/// The value of the query parameter `view` that selects the page to print.
pub const PRINT_VIEW: &str = "print";

/// Whether a path belongs to the JSON API.
pub fn is_api(path: &str) -> bool {
    path.strip_prefix(API)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The login page, which redirects to `to` after the login.
pub fn login_then(to: &str) -> String {
    format!("{LOGIN}?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC))
}

/// The addresses of one board. Has no `Debug`, because they contain the slug.
#[derive(Clone)]
pub struct BoardUrls {
    /// The prefix of every address of the board: empty for `main`, otherwise `/b/{slug}`.
    base: String,
}

impl BoardUrls {
    pub fn new(board: &Slug) -> BoardUrls {
        let base = match board.is_main() {
            true => String::new(),
            false => format!("/b/{}", board.as_str()),
        };
        BoardUrls { base }
    }

    /// A path below the board's address.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The board's page.
    pub fn home(&self) -> String {
        match self.base.as_str() {
            "" => HOME.to_owned(),
            base => base.to_owned(),
        }
    }

    /// The board for a projector: large, live and read-only.
    pub fn projector(&self) -> String {
        format!("{}?view={PROJECTOR_VIEW}", self.home())
    }

    /// The board to print: all names and reasons, and no controls.
    pub fn print(&self) -> String {
        format!("{}?view={PRINT_VIEW}", self.home())
    }

    /// The stream of all changes after this version of the board.
    pub fn events(&self, board: &Board) -> String {
        let (since, epoch) = (board.version(), board.epoch);
        self.to(&format!("/events?since={since}&epoch={epoch}"))
    }

    /// The form that closes the board, and where it is sent.
    pub fn close(&self) -> String {
        self.to("/close")
    }

    pub fn reopen(&self) -> String {
        self.to("/reopen")
    }

    pub fn history(&self) -> String {
        self.to("/history")
    }

    /// The page of the history that starts below event number `before`.
    pub fn history_before(&self, before: i64) -> String {
        self.to(&format!("/history?before={before}"))
    }

    /// An event on the page of the history that it begins.
    pub fn history_at(&self, event: i64) -> String {
        let before = self.history_before(event.saturating_add(1));
        format!("{before}#event-{event}")
    }

    /// The history as an Atom feed.
    pub fn feed(&self) -> String {
        self.to("/history.atom")
    }

    /// The board with its history as a file.
    pub fn export(&self) -> String {
        self.to("/export.json")
    }

    pub fn undo(&self, event: i64) -> String {
        self.to(&format!("/undo/{event}"))
    }

    /// Undoes the last change of the reader that is in effect.
    pub fn undo_last(&self) -> String {
        self.to("/undo/last")
    }

    /// Redoes what the reader undid last.
    pub fn redo_last(&self) -> String {
        self.to("/redo/last")
    }

    /// The form for a copy of the board.
    pub fn copy(&self) -> String {
        self.to("/copy")
    }

    pub fn presence(&self) -> String {
        self.to("/presence")
    }

    pub fn consent(&self) -> String {
        self.to("/consent")
    }

    /// Sets a participant aside, or brings the participant back.
    pub fn set_aside(&self, participant: ParticipantId) -> String {
        self.to(&format!("/participants/{participant}/aside"))
    }

    pub fn share(&self) -> String {
        self.to("/share")
    }

    pub fn settings(&self) -> String {
        self.to("/settings")
    }

    /// The result of the board, or how it stands so far.
    pub fn result(&self) -> String {
        self.to("/result")
    }

    /// The result in another format, by the extension of the file: `txt`, `md`, `csv` or `json`.
    pub fn result_as(&self, extension: &str) -> String {
        self.to(&format!("/result.{extension}"))
    }

    pub fn language(&self) -> String {
        self.to(LANGUAGE)
    }

    pub fn participant(&self) -> String {
        self.to("/participant")
    }

    pub fn personal_link(&self) -> String {
        self.to("/personal-link")
    }

    pub fn open_personal_link(&self) -> String {
        self.to("/personal-link/open")
    }

    /// The personal link itself. The secret is in the query, because paths are logged.
    pub fn personal_link_with(&self, secret: &str) -> String {
        self.to(&format!("/personal-link/open?key={secret}"))
    }

    pub fn create_item(&self) -> String {
        self.to("/create/item/")
    }

    /// The form for several items, and where it is sent.
    pub fn create_items(&self) -> String {
        self.to("/create/items/")
    }

    pub fn item(&self, item: ItemId) -> String {
        self.to(&format!("/items/{item}"))
    }

    pub fn edit_item(&self, item: ItemId) -> String {
        self.to(&format!("/items/{item}/edit"))
    }

    pub fn merge_item(&self, item: ItemId) -> String {
        self.to(&format!("/items/{item}/merge"))
    }

    pub fn split_item(&self, item: ItemId) -> String {
        self.to(&format!("/items/{item}/split"))
    }

    pub fn delete_item(&self, item: ItemId) -> String {
        self.to(&format!("/items/{item}/delete"))
    }

    pub fn create_feature(&self) -> String {
        self.to("/create/feature/")
    }

    pub fn feature(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}"))
    }

    /// The same for a reason of an existing veto: gone once the veto is withdrawn.
    pub fn existing_veto(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}?existing=1"))
    }

    pub fn veto(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}/veto"))
    }

    pub fn withdraw_veto(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}/unveto"))
    }

    pub fn edit_feature(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}/edit"))
    }

    pub fn move_feature(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}/move"))
    }

    pub fn delete_feature(&self, feature: FeatureId) -> String {
        self.to(&format!("/features/{feature}/delete"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_main_board_has_no_prefix() {
        let main = BoardUrls::new(&Slug::main());
        assert_eq!(main.home(), "/");
        assert_eq!(main.projector(), "/?view=wall");
        assert_eq!(main.undo(7), "/undo/7");
        let other = BoardUrls::new(&Slug::parse("abc").unwrap());
        assert_eq!(other.home(), "/b/abc");
        assert_eq!(other.projector(), "/b/abc?view=wall");
        assert_eq!(other.veto(FeatureId(3)), "/b/abc/features/3/veto");
    }

    #[test]
    fn the_address_after_the_login_is_escaped() {
        assert_eq!(
            login_then("/b/x?view=wall"),
            "/login?to=%2Fb%2Fx%3Fview%3Dwall"
        );
    }
}
