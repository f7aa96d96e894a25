//! The browser that makes a new board: it may take part in none yet, and may never have opened a page of one.

use poem::Request;

use super::{
    board_request::remembered_name,
    browser_token,
    cookies::{ASKED, FLASH, MINUTE, YEAR, cookie, cookies_of},
    flash::Flash,
};
use crate::{
    http::{cookies::Cookies, origin::is_secure},
    model::{Action, BrowserId, Event, Name, Participant},
    web::error::HttpError,
};

/// The browser that makes a new board.
pub(in crate::web) struct BoardMaker {
    pub(in crate::web) browser: BrowserId,
    cookies: Cookies,
    secure: bool,
}

impl BoardMaker {
    /// A browser without a token gets one.
    pub(in crate::web) fn of(request: &Request) -> Result<BoardMaker, HttpError> {
        let cookies = cookies_of(request)?.clone();
        let secure = is_secure(request);
        let response = browser_token::Response::Page;
        let browser = browser_token::get_or_create(&cookies, secure, response).browser;
        Ok(BoardMaker {
            browser,
            cookies,
            secure,
        })
    }

    /// The name last chosen on any board.
    pub(in crate::web) fn remembered_name(&self) -> Option<Name> {
        remembered_name(&self.cookies)
    }

    /// Makes the page of the new board say what it starts with, and ask for a name if nobody has.
    pub(in crate::web) fn announce(&self, events: &[Event]) {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return;
        };
        let asks_for_name = first.action == Action::Joined
            && Participant::is_default_name(&first.actor.name)
            && !self.cookies.received().contains(ASKED);
        let flash = Flash::Event {
            number: last.number,
            asks_for_name,
        };
        self.set(FLASH, flash.to_string(), MINUTE);
        if asks_for_name {
            self.set(ASKED, "1".to_owned(), YEAR);
        }
    }

    fn set(&self, name: &str, value: String, max_age: std::time::Duration) {
        self.cookies.set(cookie(name, value, max_age, self.secure));
    }
}
