"""Says how a result was made."""

from __future__ import annotations

from structra.v1.analysis_pb2 import Provenance, RoleProvenance

from runtime.version import VERSION
from workers.ai.ladder import LadderAnswer
from workers.stages import StageClock


def describe_provenance(
    understood: LadderAnswer, clock: StageClock, *, generated: bool
) -> Provenance:
    """Returns who filled which role, who was passed over, and how long it all took.

    One call of a model fills both the analyzer's and the layout engineer's role; its
    tokens are counted at the first.
    """
    provider, counts = understood.provider, understood.answer.counts
    roles = [
        RoleProvenance(
            role="analyzer",
            provider=provider.name,
            model=provider.model,
            prompt_version=provider.prompt_version,
            input_tokens=counts.input_tokens,
            output_tokens=counts.output_tokens,
            calls=counts.calls,
        ),
        RoleProvenance(
            role="layout-engineer",
            provider=provider.name,
            model=provider.model,
            prompt_version=provider.prompt_version,
        ),
    ]
    if generated:
        # No model writes code.
        roles.append(RoleProvenance(role="code-generator", provider="local"))
    return Provenance(
        degraded=understood.degraded,
        roles=roles,
        skipped=understood.skipped,
        engine_version=VERSION,
        stages=clock.timings(),
    )
