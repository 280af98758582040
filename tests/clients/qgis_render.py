"""Open layers in QGIS and render them; run by Debian's Python, which has QGIS's own modules.

``/usr/bin/python3 qgis_render.py JOBS.json OUT`` writes a PNG for each job and prints, as JSON, the
fields of each layer and how many pixels have which colour.
"""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

BACKGROUND = "#ff00ff"
INSIDE = "#000000"


def open_layer(job):
    """The layer of a job, in the look it comes with or that of a file."""
    if "project" in job:
        project = QgsProject.instance()
        assert project.read(job["project"]), project.error()
        (layer,) = project.mapLayersByName(job["layer"])
    else:
        layer = QgsVectorLayer(job["uri"], job["name"], job["provider"])
    assert layer.isValid(), layer.error().message()
    if "style" in job:
        load = layer.loadSldStyle if job["style"].endswith(".sld") else layer.loadNamedStyle
        words, loaded = load(job["style"])
        assert loaded, words
    return layer


def draw(layer):
    """The layer on a background of its own colour, without smoothed edges."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(900, 900))
    settings.setExtent(layer.extent())
    settings.setBackgroundColor(QColor(BACKGROUND))
    settings.setFlag(QgsMapSettings.Antialiasing, False)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def colours_of(image):
    """Pixels by colour."""
    found = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = image.pixelColor(x, y).name()
            found[name] = found.get(name, 0) + 1
    return found


def count_unfilled(layer, image):
    """Pixels inside of places that show the background."""
    layer.setRenderer(
        QgsSingleSymbolRenderer(
            QgsFillSymbol.createSimple({"color": INSIDE, "outline_style": "no"})
        )
    )
    mask = draw(layer)
    background, inside = QColor(BACKGROUND), QColor(INSIDE)
    return sum(
        mask.pixelColor(x, y) == inside and image.pixelColor(x, y) == background
        for y in range(image.height())
        for x in range(image.width())
    )


def main(jobs, out):
    """Render every job."""
    application = QgsApplication([], False)
    application.initQgis()
    results = {}
    for job in jobs:
        layer = open_layer(job)
        # A service is read before it is drawn: a renderer does not wait for what comes late.
        rows = sum(1 for _ in layer.getFeatures())
        image = draw(layer)
        image.save(str(out / f"{job['name']}.png"))
        results[job["name"]] = {
            "count": layer.featureCount(),
            "rows": rows,
            "renderer": layer.renderer().type(),
            "labels": [item.label() for item in layer.renderer().legendSymbolItems()],
            "fields": {field.name(): field.typeName() for field in layer.fields()},
            "colours": colours_of(image),
            "unfilled": count_unfilled(layer, image),
        }
        del layer
        QgsProject.instance().clear()
    application.exitQgis()
    return results


if __name__ == "__main__":
    answer = main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
    print(json.dumps(answer))
