//! Looks up the addresses of a host, once for each connection: the addresses that were checked are those that are connected to, so that
//! a name that changes meanwhile (DNS rebinding) reaches nothing else.

use std::{io, net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;

use super::{address::is_public, failure::Failure, target::Target};

type Look = dyn Fn(String, u16) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync;

/// How names are looked up.
#[derive(Clone)]
pub struct Resolver(Arc<Look>);

impl Resolver {
    /// As the system does.
    pub fn system() -> Resolver {
        Resolver::new(|host, port| {
            Box::pin(async move {
                let found = tokio::net::lookup_host((host, port)).await?;
                Ok(found.collect())
            })
        })
    }

    /// By a function of host and port.
    pub fn new(
        look: impl Fn(String, u16) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>
        + Send
        + Sync
        + 'static,
    ) -> Resolver {
        Resolver(Arc::new(look))
    }

    /// The addresses to connect to. If one of them is not public, none is used: no honest host has both.
    pub(super) async fn addresses(
        &self,
        target: &Target,
        allow_private: bool,
    ) -> Result<Vec<SocketAddr>, Failure> {
        let found = match target.literal() {
            Some(address) => vec![SocketAddr::new(address, target.port())],
            None => {
                let found = (self.0)(target.bare_host().to_owned(), target.port()).await;
                found.map_err(|error| Failure::new(format!("cannot look up the host: {error}")))?
            }
        };
        if found.is_empty() {
            return Err(Failure::new("the host has no address"));
        }
        match allow_private || found.iter().all(|address| is_public(address.ip())) {
            true => Ok(found),
            false => Err(Failure::new(
                "the host has an address that is not public; --webhook-allow-private permits it",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A resolver that finds one list after another.
    fn resolver(found: &'static [&'static [&'static str]]) -> Resolver {
        let calls = Arc::new(AtomicUsize::new(0));
        Resolver::new(move |_, port| {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            let found = found[call].iter().map(|address| address.parse().unwrap());
            let found = found
                .map(|address| SocketAddr::new(address, port))
                .collect();
            Box::pin(async { Ok(found) })
        })
    }

    async fn addresses(resolver: &Resolver, url: &str, allow_private: bool) -> Option<Vec<String>> {
        let target = Target::parse(url, true).unwrap();
        let found = resolver.addresses(&target, allow_private).await.ok()?;
        Some(found.iter().map(ToString::to_string).collect())
    }

    #[tokio::test]
    async fn a_name_that_becomes_private_is_not_connected_to() {
        let url = "https://hook.example/";
        let rebound = resolver(&[&["8.8.8.8"], &["127.0.0.1"], &["8.8.8.8", "10.0.0.1"], &[]]);
        let public = Some(vec!["8.8.8.8:443".to_owned()]);
        assert_eq!(addresses(&rebound, url, false).await, public);
        for _ in 0..3 {
            assert_eq!(addresses(&rebound, url, false).await, None);
        }
        let private = resolver(&[&["127.0.0.1"]]);
        let allowed = Some(vec!["127.0.0.1:443".to_owned()]);
        assert_eq!(addresses(&private, url, true).await, allowed);
    }

    #[tokio::test]
    async fn an_address_in_the_url_is_checked_too() {
        let none = resolver(&[]);
        for url in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
        ] {
            assert_eq!(addresses(&none, url, false).await, None, "{url}");
        }
        let literal = Some(vec!["8.8.8.8:8443".to_owned()]);
        assert_eq!(
            addresses(&none, "https://8.8.8.8:8443/", false).await,
            literal
        );
    }
}
