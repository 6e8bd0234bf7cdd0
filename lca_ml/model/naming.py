"""What a name in a formula stands for: a quantity of its scope, of another activity, or a property of a device."""

from __future__ import annotations

from lca_ml.documents import Text
from lca_ml.errors import Finding, Findings, did_you_mean, shown
from lca_ml.expressions import Name
from lca_ml.factors import Library
from lca_ml.model.drafts import Draft, Drafts, Scope, draft, unknown_name
from lca_ml.words import _


class Naming:
    """Resolves the names of drafts; properties of devices become drafts when they are first named."""

    def __init__(self, library: Library, drafts: Drafts, findings: Findings) -> None:
        self.made: set[str] = set()
        self.library, self.drafts, self.findings = library, drafts, findings

    def resolve(self, name: Name, where: Draft) -> str:
        """Return the full name a name in a formula stands for; a name that stands for nothing is reported."""
        scope = where.scope
        head, dot, rest = name.name.partition(".")
        if (not dot and head in scope.names) or (not scope.prefix and name.name in scope.names):
            return scope.full(name.name)
        if dot and head in scope.texts:
            return self._property(scope.texts[head], rest, name, where)
        if dot and head in scope.inner and scope.full(name.name) in self.drafts:
            return scope.full(name.name)
        if scope.absolute and name.name in self.drafts:
            return name.name
        known = list(scope.names)
        if scope.absolute and dot:
            known = [n for n in self.drafts if "." in n]
        unknown_name(name, where, known, self.findings)
        return name.name

    def _property(self, device: Text, wanted: str, name: Name, where: Draft) -> str:
        """Return the node of a device's property, made when it is first named."""
        full = f"device.{device.value}.{wanted}"
        if full in self.made:
            return full
        self.made.add(full)
        catalogue = self.library.devices
        place = device.place if where.scope.prefix else where.text.at(*name.span)
        if device.value not in catalogue:
            hint = self.device_hint(device.value)
            self._lacking(full, device, Finding("device", _("{device} is an unknown device").format(device=shown(device.value, 40)), device.place, hint))
            return full
        if wanted not in catalogue[device.value]:
            known = catalogue[device.value]
            message = _("the catalogue gives no {property} for {device}").format(property=wanted, device=device.value)
            local = where.name.rpartition(".")[2]
            hint = did_you_mean(wanted, known) if not where.scope.prefix else _("Give the argument {name} yourself, or another device.").format(name=local)
            self._lacking(full, device, Finding("device-property", message, place, hint or _("It gives {names}.").format(names=", ".join(known))))
            return full
        stated, source = catalogue[device.value][wanted]
        made = self.drafts.add(draft(full, stated, Scope("", ()), self.findings), self.findings)
        made.source = source
        return full

    def device_hint(self, device: str) -> str:
        """Return which device was probably meant."""
        return did_you_mean(device, self.library.devices) or _("`lca-ml factors search {name}` looks for it.").format(name=shown(device, 20))

    def _lacking(self, full: str, device: Text, problem: Finding) -> None:
        """Keep an unknown property as a quantity without a value: a mistake only if a result depends on it."""
        self.drafts.add(Draft(full, device, Scope("", ()), problem=problem), self.findings)
