//! Pins stored data and all names in the protocol: old databases, routes, form fields, cookies, the event
//! stream, notifications, metrics and ids in the page. The lists are written out here instead of being taken from the program,
//! so that a rename in the program cannot change them unnoticed.

mod exported_board;
mod forms;
mod page;
pub mod routes;
mod stored;
mod wire;
