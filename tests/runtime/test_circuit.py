from runtime.circuit import Circuit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_failures_in_a_row_and_admits_one_probe_per_pause():
    clock = Clock()
    circuit = Circuit(threshold=3, pause=1.0, clock=clock)
    for _ in range(2):
        circuit.failed()
    circuit.succeeded()
    for _ in range(2):
        circuit.failed()
    assert circuit.admits()
    circuit.failed()
    assert not circuit.closed
    assert not circuit.admits()
    clock.now = 1.0
    assert circuit.admits()
    assert not circuit.admits()
    circuit.failed()
    clock.now = 1.5
    assert not circuit.admits()
    assert circuit.seconds_to_probe == 0.5
    clock.now = 2.1
    assert circuit.admits()
    circuit.succeeded()
    assert circuit.closed
    assert circuit.seconds_to_probe == 0
    assert all(circuit.admits() for _ in range(5))
