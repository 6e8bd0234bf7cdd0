"""The figures of the gallery: each a file name, a command, and what it shows of its study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GALLERY = Path(__file__).parent.parent / "gallery"


@dataclass(frozen=True)
class Figure:
    """A figure of the gallery: the file it is written to, without its ending, and the words of `lca-ml chart` after the scenario."""

    name: str
    scenario: str
    words: str

    @property
    def command(self) -> str:
        """The command that draws it."""
        return f"lca-ml chart scenarios/{self.scenario}.yaml {self.words}"

    @property
    def kind(self) -> str:
        """Its kind of chart."""
        return self.words.split()[0]


FIGURES = (
    Figure("town-hall-stages", "town-hall", "stages"),
    Figure("town-hall-hosts", "town-hall", "stages --variant french_host --variant smaller_model --variant reasoning_model"),
    Figure("town-hall-sobol", "town-hall", "sobol"),
    Figure("town-hall-questions", "town-hall", "sweep questions='0.1..100:7:log request/(user*year)'"),
    Figure("town-hall-compare", "town-hall", "compare --variant smaller_model"),
    Figure("town-hall-scale", "town-hall", "scale --view total"),
    Figure("mairie-stages", "mairie", "stages --lang fr"),
    Figure("mairie-indicators", "mairie", "indicators --lang fr"),
    Figure("mairie-compare", "mairie", "compare --variant modèle_plus_petit --lang fr"),
    Figure("mairie-waterfall", "mairie", "waterfall --variant modèle_qui_raisonne --theme dark --lang fr"),
    Figure("mairie-tornado", "mairie", "tornado --lang fr"),
    Figure("mairie-sobol", "mairie", "sobol --lang fr"),
    Figure("mairie-elasticity", "mairie", "elasticity --lang fr"),
    Figure("mairie-sweep", "mairie", "sweep questions='0.1..100:7:log request/(user*year)' --lang fr"),
    Figure("mairie-map", "mairie", "map written='100..10000:5:log token/request' stages.inference.region=SE,FR,DE,US,PL --budget '1 kgCO2e' --lang fr"),
    Figure("mairie-flow", "mairie", "flow --lang fr"),
    Figure("mairie-distribution", "mairie", "distribution --lang fr"),
    Figure("mairie-scale", "mairie", "scale --view total --lang fr"),
    Figure(
        "mairie-reconcile",
        "mairie",
        "reconcile --variant hébergeur_français --variant hébergeur_français,modèle_plus_petit"
        " --variant hébergeur_français,modèle_plus_petit,matériel_plus_durable --lang fr",
    ),
    Figure("fine-tuned-local-stages", "fine-tuned-local", "stages --variant poland"),
    Figure("fine-tuned-local-waterfall", "fine-tuned-local", "waterfall --variant three_hospitals"),
    Figure("fine-tuned-local-tornado", "fine-tuned-local", "tornado"),
    Figure("fine-tuned-local-map", "fine-tuned-local", "map hours_on='2000..8760:5 h/year' region=SE,FR,DE,US,PL"),
    Figure("fine-tuned-local-distribution", "fine-tuned-local", "distribution"),
    Figure("vision-edge-stages", "vision-edge", "stages"),
    Figure("vision-edge-waterfall", "vision-edge", "waterfall --variant video_to_the_cloud"),
    Figure("vision-edge-power", "vision-edge", "sweep camera_power='0.5..10:20 W/device' --set region=PL --break-even hardware inference"),
    Figure("vision-edge-lifetime", "vision-edge", "sweep service_life='2..12:11 year' --variant frugal_camera"),
    Figure("large-pretraining-stages", "large-pretraining", "stages --view total"),
    Figure("large-pretraining-indicators", "large-pretraining", "indicators"),
    Figure("large-pretraining-flow", "large-pretraining", "flow"),
    Figure("large-pretraining-elasticity", "large-pretraining", "elasticity --view total --theme dark"),
    Figure("large-pretraining-use", "large-pretraining", "sweep questions='1e5..1e9:9:log request/day' --break-even training inference"),
    Figure(
        "large-pretraining-reconcile",
        "large-pretraining",
        "reconcile --variant newer_cards --variant newer_cards,few_trials --variant newer_cards,few_trials,six_years",
    ),
    Figure("large-pretraining-map", "large-pretraining", "map life='2..8:4 year' region=SE,FR,DE,US,PL --budget '1 ktCO2e'"),
)
