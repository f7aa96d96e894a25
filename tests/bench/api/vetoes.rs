//! Vetoes by the API and by form, on the same board.

use std::{io, net::SocketAddr, time::Duration};

use tokio::runtime::Handle;

use super::CLIENTS;
use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    closed_loop::{ClosedLoop, Workload},
    connection::Connection,
    process::BoardSize,
    test_client::TestClient,
};

const BOARD: BoardSize = BoardSize(100);
/// Both take turns, so that other load on the machine affects both.
const ROUNDS: usize = 6;
const ROUND: Duration = Duration::from_millis(800);
/// Distance from one feature to the next, as for the forms.
const STRIDE: usize = 7;

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "api",
        format!("{CLIENTS} programs in a closed loop veto and withdraw, on 100 items x 5 features"),
        "as many browsers do so by form on the same board; the target is a ratio above 0.9",
    );
    for backend in BACKENDS {
        let savt = bench.savt(backend, BOARD).await;
        let (mut programs, mut browsers) = (Vec::new(), Vec::new());
        for number in 0..CLIENTS {
            programs.push(Program::join(savt.address, number).await);
            browsers.push(TestClient::connect(savt.address, number, BOARD.features()).await);
        }
        let mut by_api = ClosedLoop::new(&Handle::current(), programs);
        let mut by_form = ClosedLoop::new(&Handle::current(), browsers);
        let mut cpu_ms = [0.0; 2];
        for _ in 0..ROUNDS {
            let before = savt.cpu_ms();
            by_form.run_round(ROUND).await;
            let between = savt.cpu_ms();
            by_api.run_round(ROUND).await;
            cpu_ms[0] += savt.cpu_ms() - between;
            cpu_ms[1] += between - before;
        }
        let limit = by_form.per_second();
        let cpu_us = [
            cpu_ms[0] / by_api.count() * 1_000.0,
            cpu_ms[1] / by_form.count() * 1_000.0,
        ];
        let mut section = bench.report.section(backend_name(backend));
        section.measurement("vetoes by the API", by_api.per_second(), "1/s", Some(limit));
        section.measurement("CPU time per veto", cpu_us[0], "µs", Some(cpu_us[1]));
        section.errors([by_api.error(), by_form.error()].into_iter().flatten());
    }
}

/// A program that vetoes a feature, withdraws the veto, and continues with the next feature.
struct Program {
    connection: Connection,
    headers: String,
    feature: usize,
    vetoed: bool,
}

impl Program {
    async fn join(address: SocketAddr, number: usize) -> Program {
        let mut connection = Connection::open(address).await.unwrap();
        let path = "/api/v1/boards/main/participants";
        let joined = connection.request("POST", path, "Content-Length: 0\r\n");
        assert_eq!(joined.await.unwrap().status, 201);
        let participant: serde_json::Value = serde_json::from_slice(connection.body()).unwrap();
        let token = participant["token"].as_str().unwrap();
        let mut program = Program {
            headers: format!("Authorization: Bearer {token}\r\nContent-Length: 0\r\n"),
            connection,
            feature: number * STRIDE % BOARD.features(),
            vetoed: false,
        };
        for _ in 0..2 {
            program.run_once().await.unwrap();
        }
        program
    }
}

impl Workload for Program {
    async fn run_once(&mut self) -> io::Result<()> {
        let path = format!("/api/v1/boards/main/features/{}/veto", self.feature + 1);
        let method = if self.vetoed { "DELETE" } else { "PUT" };
        if self.vetoed {
            self.feature = (self.feature + STRIDE) % BOARD.features();
        }
        self.vetoed = !self.vetoed;
        let response = self
            .connection
            .request(method, &path, &self.headers)
            .await?;
        match response.status {
            200 => Ok(()),
            status => Err(io::Error::other(format!("{method} {path}: {status}"))),
        }
    }
}
