//! The kinds of requests that virtual users send. Does not know how they are sent.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    Page,
    Veto,
    WithdrawVeto,
    CreateFeature,
    CreateItem,
    Name,
    Consent,
    Close,
    Reopen,
    /// By a program.
    Join,
    /// The board that a program reads.
    Board,
    Asset,
    Stream,
}

impl Action {
    pub(super) const ALL: [Action; 13] = [
        Action::Page,
        Action::Veto,
        Action::WithdrawVeto,
        Action::CreateFeature,
        Action::CreateItem,
        Action::Name,
        Action::Consent,
        Action::Close,
        Action::Reopen,
        Action::Join,
        Action::Board,
        Action::Asset,
        Action::Stream,
    ];

    /// The name in reports; part of the JSON format.
    pub(super) fn name(self) -> &'static str {
        match self {
            Action::Page => "page",
            Action::Veto => "veto",
            Action::WithdrawVeto => "take back",
            Action::CreateFeature => "new feature",
            Action::CreateItem => "new item",
            Action::Name => "name",
            Action::Consent => "consent",
            Action::Close => "close",
            Action::Reopen => "reopen",
            Action::Join => "join",
            Action::Board => "board",
            Action::Asset => "asset",
            Action::Stream => "stream",
        }
    }

    /// Whether the overall response times include this action. Assets are served from memory and would improve the average; nobody
    /// waits for a stream.
    pub(super) fn counts_as_response(self) -> bool {
        !matches!(self, Action::Asset | Action::Stream)
    }
}
