//! Rejects requests for a host that the server does not answer to, and requests whose host is ambiguous (RFC 9112, section 3.2).

use std::sync::Arc;

use poem::{
    Request, Response, Result,
    error::ResponseError,
    http::{StatusCode, Version, header},
};

use super::wrap::Next;

use crate::http::{allowed_hosts::AllowedHosts, origin};

/// The host of a request was rejected. No endpoint has seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// It is missing, invalid, or stated more than once.
    #[error("The request needs one valid Host header.")]
    Invalid,
    /// The server does not answer to it.
    #[error("This server does not answer to this host name.")]
    NotAllowed,
}

impl ResponseError for HostError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::NotAllowed => StatusCode::MISDIRECTED_REQUEST,
        }
    }
}

/// Rejects a request for another host.
///
/// # Errors
/// [`HostError`], before any work is done; and those of `inner`.
pub async fn check<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
    allowed: AllowedHosts,
) -> Result<Response> {
    check_host(&request, &allowed)?;
    inner.run(request).await
}

fn check_host(request: &Request, allowed: &AllowedHosts) -> Result<(), HostError> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    let version = request.version();
    // HTTP/1.0 has no Host header, and no browser uses it. HTTP/2 has a pseudo-header instead.
    if hosts == 0 && version < Version::HTTP_11 {
        return Ok(());
    }
    if hosts > 1 || (hosts == 0 && version == Version::HTTP_11) {
        return Err(HostError::Invalid);
    }
    let authority = origin::requested_authority(request).ok_or(HostError::Invalid)?;
    match allowed.allows(authority.host()) {
        true => Ok(()),
        false => Err(HostError::NotAllowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: Version, hosts: &[&str]) -> Result<(), HostError> {
        let mut request = Request::builder().version(version).uri_str("/");
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        let allowed = AllowedHosts::new(None, vec!["savt.example".parse().unwrap()]);
        check_host(&request.finish(), &allowed)
    }

    #[test]
    fn a_request_states_one_allowed_host() {
        let http1 = |hosts: &[&str]| check(Version::HTTP_11, hosts);
        assert_eq!(http1(&["savt.example:8080"]), Ok(()));
        assert_eq!(http1(&["127.0.0.1:8000"]), Ok(()));
        assert_eq!(http1(&["evil.example"]), Err(HostError::NotAllowed));
        for invalid in [
            &[][..],
            &["savt.example", "savt.example"],
            &["savt.example", "evil.example"],
            &[""],
            &["you@savt.example"],
            &["savt.example:99999"],
            &["savt.example:x"],
        ] {
            assert_eq!(http1(invalid), Err(HostError::Invalid), "{invalid:?}");
        }
    }

    #[test]
    fn http_1_0_needs_no_host() {
        let http1_0 = |hosts: &[&str]| check(Version::HTTP_10, hosts);
        assert_eq!(http1_0(&[]), Ok(()));
        assert_eq!(http1_0(&["evil.example"]), Err(HostError::NotAllowed));
        let twice = ["savt.example", "savt.example"];
        assert_eq!(http1_0(&twice), Err(HostError::Invalid));
    }
}
