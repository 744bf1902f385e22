// Who asked whom, drawn from the table below it: what the picture shows, the table says. Without this script, and on
// paper, the table stands alone.
(() => {
  const figure = document.querySelector("[data-network]");
  const table = figure && document.getElementById(figure.dataset.network);
  if (!table || !window.cytoscape) return;

  // Cytoscape.js would write a style element of its own, which the policy of the site refuses: the rule is in site.css.
  const own = document.createElement("meta");
  own.id = "__________cytoscape_stylesheet";
  document.head.append(own);

  const nodes = new Map(), edges = [];
  const node = (link) => {
    const id = link.getAttribute("href");
    if (!nodes.has(id)) nodes.set(id, { id, name: link.textContent, page: link.href, weight: 0 });
    return nodes.get(id);
  };
  for (const row of table.tBodies[0].rows) {
    const asker = node(row.cells[0].querySelector("a"));
    for (const line of row.querySelectorAll("[data-times]")) {
      const answerer = node(line.querySelector("a")), times = Number(line.dataset.times);
      asker.weight += times;
      answerer.weight += times;
      edges.push({ data: { id: `${asker.id} ${answerer.id}`, source: asker.id, target: answerer.id, times } });
    }
  }
  const most = Math.max(...edges.map((edge) => edge.data.times));
  const heaviest = Math.max(...[...nodes.values()].map((node) => node.weight));
  for (const node of nodes.values()) node.size = 8 + 22 * Math.sqrt(node.weight / heaviest);
  for (const { data } of edges) data.width = 1 + 4 * (data.times / most);

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const looks = () => [
    { selector: "node", style: {
      label: "data(name)", width: "data(size)", height: "data(size)", "background-color": colour("accent"),
      color: colour("ink"), "font-family": getComputedStyle(document.body).fontFamily, "font-size": 12,
      "text-valign": "bottom", "text-margin-y": 3, "text-background-color": colour("paper"),
      "text-background-opacity": 0.8, "overlay-opacity": 0,
    } },
    { selector: "edge", style: {
      width: "data(width)", "line-color": colour("edge"), "target-arrow-color": colour("edge"), opacity: 0.6,
      "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier", "overlay-opacity": 0,
    } },
    { selector: ".nameless", style: { label: "" } },
    { selector: "node.near", style: { label: "data(name)", "font-weight": 600, "z-index": 2 } },
    { selector: ".away", style: { opacity: 0.12 } },
    { selector: "edge.near", style: { "line-color": colour("accent"), "target-arrow-color": colour("accent"), opacity: 1 } },
  ];

  figure.hidden = false;
  const room = figure.firstElementChild;
  // From a circle in the order of the table, so that the same table always gives the same picture.
  const circle = [...nodes.values()].map((data, n) => {
    const turn = (2 * Math.PI * n) / nodes.size;
    return { data, position: { x: 500 + 400 * Math.cos(turn), y: 300 + 250 * Math.sin(turn) } };
  });
  const drawn = window.cytoscape({
    container: room,
    elements: { nodes: circle, edges },
    style: looks(),
    layout: { name: "cose", animate: false, randomize: false, padding: 24, nodeRepulsion: 400000, idealEdgeLength: 90, nodeOverlap: 40, numIter: 2000 },
    userZoomingEnabled: false, // the wheel and the finger scroll the page
    userPanningEnabled: false,
    boxSelectionEnabled: false,
    autoungrabify: true,
  });

  // The layout says who stands near whom; the room says how wide and how high that is, so names keep their size.
  const places = new Map(drawn.nodes().map((one) => [one.id(), { ...one.position() }]));
  const fit = () => {
    const narrow = room.clientWidth < 600, edge = narrow ? 36 : 80;
    const span = (axis) => {
      const all = [...places.values()].map((place) => place[axis]);
      return [Math.min(...all), Math.max(...all) - Math.min(...all) || 1];
    };
    const [left, width] = span("x"), [top, height] = span("y");
    drawn.resize();
    drawn.zoom(1).pan({ x: 0, y: 0 });
    drawn.nodes().positions((one) => ({
      x: edge + ((places.get(one.id()).x - left) / width) * (room.clientWidth - 2 * edge),
      y: 24 + ((places.get(one.id()).y - top) / height) * (room.clientHeight - 64),
    }));
    const ranked = [...nodes.values()].sort((one, other) => other.weight - one.weight).slice(0, 8);
    drawn.nodes().forEach((one) => one.toggleClass("nameless", narrow && !ranked.some((named) => named.id === one.id())));
  };
  fit();
  addEventListener("resize", fit);

  const show = (node) => {
    drawn.elements().removeClass("near away");
    if (!node) return;
    const near = node.closedNeighborhood();
    drawn.elements().difference(near).addClass("away");
    near.addClass("near");
  };
  let chosen = null;
  drawn.on("mouseover", "node", (event) => { room.classList.add("over"); if (!chosen) show(event.target); });
  drawn.on("mouseout", "node", () => { room.classList.remove("over"); if (!chosen) show(null); });
  drawn.on("tap", (event) => {
    const node = event.target === drawn || event.target.isEdge() ? null : event.target;
    if (node && chosen && node.id() === chosen.id() && node.data("page")) return location.assign(node.data("page"));
    chosen = node;
    show(node);
  });
  const again = () => drawn.style(looks());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  matchMedia("print").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributes: true });
})();
