"use strict";

/* Draws every figure[data-chart] from the JSON beside it (web/figures/charts.py). The table below it says the same. */
(function () {
  const COLOURS = ["#1b5e7b", "#c1571a", "#3d7a37", "#7a3e8f", "#8a6d00", "#595959"];
  const still = { animation: false, responsive: true, maintainAspectRatio: false };

  function draw(figure) {
    const id = figure.dataset.chart;
    const given = JSON.parse(document.getElementById(id + "-data").textContent);
    const datasets = given.series.map((series, index) => ({
      label: series.name,
      data: series.values,
      backgroundColor: COLOURS[index % COLOURS.length],
      borderColor: COLOURS[index % COLOURS.length],
      pointStyle: ["circle", "rect", "triangle", "rectRot", "rectRounded", "star"][index % 6],
    }));
    const value = { beginAtZero: true, stacked: given.stacked, ticks: { precision: 0 }, title: { display: Boolean(given.unit), text: given.unit } };
    const across = { stacked: given.stacked };
    new window.Chart(document.getElementById(id + "-canvas"), {
      type: given.kind === "line" ? "line" : "bar",
      data: { labels: given.labels, datasets },
      options: {
        ...still,
        indexAxis: given.kind === "across" ? "y" : "x",
        locale: document.documentElement.lang,
        scales: given.kind === "across" ? { x: value, y: across } : { x: across, y: value },
        plugins: { legend: { display: datasets.length > 1, labels: { usePointStyle: true } } },
      },
    });
  }

  function drawIn(scope) {
    for (const figure of scope.querySelectorAll("figure[data-chart]")) draw(figure);
  }

  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawIn(document);
  document.addEventListener("htmx:afterSwap", (event) => drawIn(event.detail.elt));
})();
