//! The `Savt-Version` header: the number of the last event that a response's fragments reflect. The page compares it with what its
//! stream has delivered, and ignores the older one.

use poem::http::HeaderName;

pub(in crate::web) const VERSION: HeaderName = HeaderName::from_static("savt-version");
