//! Sends the messages about one event, or about a deadline.

use super::{
    client::Connection,
    deadline::{self, Effect},
    decision::{self, Decision},
    delivery::{Delivery, Error, Sent},
    filter::CLOSED,
    message::{self, About, Message},
};
use crate::{api, board::now, model::EventSummary, store::webhooks::Cursor};

impl Delivery {
    /// Sends the messages about an event.
    pub(super) async fn send(
        &self,
        about: &About,
        event: &EventSummary,
        makes_agreed: bool,
        connection: &mut Option<Connection>,
    ) -> Result<Sent, Error> {
        let (filter, format) = (&self.endpoint.filter, self.endpoint.format);
        let json = api::event_json(event);
        let mut count = 0;
        if filter.accepts(message::kind(&json)) {
            let message = about.event(event, &json, format);
            match self.post(message, connection).await {
                Sent::Accepted(one) => count += one,
                other => return Ok(other),
            }
        }
        let decisions = Decision::of(event, makes_agreed);
        for decision in decisions.filter(|decision| filter.accepts(decision.kind())) {
            let board = decision::board_after(&self.boards, about.address(), event.number).await?;
            let Some(board) = board else { break };
            let message = about.decision(decision, event, &json, &board, format);
            match self.post(message, connection).await {
                Sent::Accepted(one) => count += one,
                other => return Ok(other),
            }
        }
        Ok(Sent::Accepted(count))
    }

    /// Sends that the deadline has passed after the event at the cursor, if that closed the board.
    pub(super) async fn send_deadline(
        &self,
        about: &About,
        cursor: &Cursor,
        connection: &mut Option<Connection>,
    ) -> Result<Sent, Error> {
        let nothing = Ok(Sent::Accepted(0));
        let Some(at) = cursor.deadline else {
            return nothing;
        };
        if !self.endpoint.filter.accepts(CLOSED) {
            return nothing;
        }
        let number = cursor.position;
        let board = decision::board_after(&self.boards, about.address(), number).await?;
        let Some(board) = board.filter(|board| deadline::has_closed(board, at)) else {
            return nothing;
        };
        let message = about.deadline(number, &board, at, self.endpoint.format);
        Ok(self.post(message, connection).await)
    }

    /// The position after an event, with the deadline that is in force then.
    pub(super) async fn after(
        &self,
        about: &About,
        cursor: &Cursor,
        event: &EventSummary,
    ) -> Result<Cursor, Error> {
        let deadline = match Effect::of(&event.action) {
            Effect::Stays => cursor.deadline,
            Effect::Becomes(deadline) => deadline,
            Effect::Restored => {
                let board =
                    decision::board_after(&self.boards, about.address(), event.number).await?;
                board.and_then(|board| deadline::restored(&board, event))
            }
        };
        Ok(Cursor {
            deadline,
            ..Cursor::at(cursor.epoch, event.number)
        })
    }

    async fn post(&self, message: Message, connection: &mut Option<Connection>) -> Sent {
        if !self.term.may_send() {
            return Sent::NotAllowed;
        }
        let Message { id, body } = message;
        let timestamp = now().and_utc().timestamp();
        let headers = self.endpoint.headers(&id, timestamp, &body);
        let target = &self.endpoint.target;
        let client = &self.settings.client;
        match client.post(connection, target, &headers, body).await {
            Ok(()) => {
                self.metrics.deliveries.inc();
                Sent::Accepted(1)
            }
            Err(failure) => {
                self.metrics.failures.inc();
                Sent::Failed(failure)
            }
        }
    }
}
