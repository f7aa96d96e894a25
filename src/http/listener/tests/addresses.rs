//! Where the listener listens, and the connections that it accepts there.

use super::*;

#[tokio::test]
async fn a_host_name_is_bound_at_all_its_addresses() {
    let listener = Listener::bind("localhost:0", NO_DEADLINES).await.unwrap();
    let addresses: Vec<_> = listener.addresses().collect();
    assert!(addresses.iter().all(|address| address.ip().is_loopback()));
    let port = addresses[0].port();
    assert!(port != 0 && addresses.iter().all(|address| address.port() == port));
    for address in addresses {
        TcpStream::connect(address).await.unwrap();
    }
}

#[tokio::test]
async fn a_port_in_use_is_reported() {
    let first = Listener::bind("127.0.0.1:0", NO_DEADLINES).await.unwrap();
    let address = first.addresses().next().unwrap().to_string();
    let error = Listener::bind(&address, NO_DEADLINES).await.err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert_eq!(
        error.to_string(),
        format!("cannot listen at {address}: another program is already listening there")
    );
}

#[tokio::test]
async fn an_invalid_address_is_reported() {
    for address in ["8000", "127.0.0.1", "127.0.0.1:port", "192.0.2.1:0"] {
        let error = Listener::bind(address, NO_DEADLINES).await.err().unwrap();
        let prefix = format!("cannot listen at {address}: ");
        assert!(error.to_string().starts_with(&prefix), "{error}");
    }
}

#[tokio::test]
async fn small_responses_are_sent_without_delay() {
    let mut listener = Listener::bind("127.0.0.1:0", NO_DEADLINES).await.unwrap();
    let address = listener.addresses().next().unwrap();
    let client = TcpStream::connect(address);
    let (client, accepted) = tokio::join!(client, listener.accept());
    let (connection, local, remote, _) = accepted.unwrap();
    assert!(connection.nodelay());
    assert_eq!(local.as_socket_addr(), Some(&address));
    let client = client.unwrap().local_addr().unwrap();
    assert_eq!(remote.as_socket_addr(), Some(&client));
}
