from workers.ai.breaker import CircuitBreaker


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def breaker(clock):
    return CircuitBreaker(failures_to_open=3, rest_seconds=10, clock=clock)


def test_it_opens_after_failures_in_a_row():
    circuit = breaker(Clock())
    for _ in range(2):
        circuit.failed()
    circuit.succeeded()
    for _ in range(3):
        assert circuit.try_enter()
        circuit.failed()
    assert not circuit.try_enter()
    assert circuit.seconds_to_rest == 10


def test_it_lets_one_probe_through_and_closes_on_its_success():
    clock = Clock()
    circuit = breaker(clock)
    for _ in range(3):
        circuit.failed()
    clock.now = 10
    assert circuit.try_enter()
    assert not circuit.try_enter()
    circuit.succeeded()
    assert circuit.try_enter()
    assert circuit.try_enter()


def test_a_failed_probe_opens_it_again():
    clock = Clock()
    circuit = breaker(clock)
    for _ in range(3):
        circuit.failed()
    clock.now = 10
    assert circuit.try_enter()
    circuit.failed()
    assert not circuit.try_enter()
    clock.now = 20
    assert circuit.try_enter()


def test_an_abandoned_probe_leaves_room_for_another():
    clock = Clock()
    circuit = breaker(clock)
    for _ in range(3):
        circuit.failed()
    clock.now = 10
    assert circuit.try_enter()
    circuit.abandoned()
    assert circuit.try_enter()
