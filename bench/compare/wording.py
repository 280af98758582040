"""The paragraphs of ``docs/benchmarks.md`` that no figure changes."""

INTRODUCTION = """
# Benchmarks: ours beside `gdf.explore`, `folium.Choropleth`, pydeck and lonboard

Written by `make bench` (a part: `make bench SIZES=103,1571`). Sets of villages of one layer of
Indonesia: a regency (103), a province (1,571), a larger one (8,494) and the country (83,246). Every
tool gets the same seeded coverage per village, five classes, and a tooltip with name, enrolled,
eligible, gap and rate. In brackets: how many times ours. A time of under a second moves by a tenth
or two between runs; counted figures (bytes, vertices, requests) do not, and a test holds them.
"""

METHOD = """
## Method

**Two comparisons.** *As given*: the peer gets the layer as it is, which is what a user does today.
Ours simplifies when it prepares the layer, so part of the difference is that it draws less: the
vertices stand above each table, and the tolerances are 0.01° (seen from afar), 0.0015° (from zoom
7) and 0.0002° (from zoom 10), chosen to be about a pixel where the next takes over. *Same
tolerance*: the peer gets exactly the polygons that our page holds, decoded from it, so that only
the way of drawing differs. The targets are against *as given*.

**Server.** Each page is built in a process of its own. Cold: from the start of the process (Python,
imports, reading the file) to the page on disk. Warm: building the page again with the data in
memory. Ours, cold, starts from prepared geometry; preparing is printed beside it. Memory is the
peak of the process.

**Bytes.** The page as written, and as gzip sends it. The peers' pages load scripts and styles from
CDNs, which stand in a row of their own; ours carries everything inside and opens without internet.
lonboard's page carries its own script too. pydeck and lonboard have no legend. Bytes over the
websocket are counted on the wire, both ways, by a relay between browser and app, in a visit of its
own that is not timed: a filter change follows a first view, as compression refers to what was sent
before. Unpacked, the messages of a filter change are 18 to 27 kB, most of it what did not change.

**Browser.** Chromium, fresh for each visit, 1440 x 1000. The screen is filmed: every frame that
Chromium shows carries its time. Painted is the first frame from which on every frame is the final
picture (within half a percent of the pixels), counted from the start of the navigation; a page
under 1 % of class colours counts as not painted. So rasterising is in it, and not only JavaScript.
The peers' scripts come from npm packages on this machine through Playwright, in place of a CDN: a
few milliseconds a request, in favour of the peers against a real network. There is no graphics
card: pydeck and lonboard draw by WebGL in software (SwiftShader), which is slower than any real
graphics card, and their times here say little about a desktop with one.

**New colours.** `setStyle` in the page is the best that a hand-made page over Folium could do; a
Streamlit app with streamlit-folium builds and sends the page again with each change, which costs
the warm server time, the page's bytes over the websocket, and painting. In ours a change of the
target goes from the browser to the server, through all measures, and back; the time runs from the
key that enters it. pydeck and lonboard change colours in a notebook, with its kernel behind; their
exported pages cannot.
"""

NOTES = """
## What to make of it

`gdf.explore` and `folium.Choropleth` keep every vertex, and need no preparing: for a layer looked
at once, they are there sooner. Ours prepares a layer once and then serves it to everybody. lonboard
sends compact binary geometry, full resolution included; with a graphics card it is the peer to
watch.
"""
