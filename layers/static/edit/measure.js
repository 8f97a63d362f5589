// Measures outlines on the WGS 84 ellipsoid, as geo/geometry/area.py does.
"use strict";

(() => {
  const edit = ((window.beltmap ??= {}).edit ??= {});

  const A = 6378137;
  const F = 1 / 298.257223563;
  const B = A * (1 - F);
  const ES = F * (2 - F);
  const GRID = 1e7; // steps of the files' grid in a degree
  const LONG = 0.1; // degrees; a longer edge is cut along its geodesic
  const RAD = Math.PI / 180;
  const HEIGHT = Array.from({ length: 8 }, (_, k) => ((1 - ES) / 2) * (1 + 1 / (2 * k + 1)) * ES ** k);

  function height(sine) {
    const square = sine * sine;
    let sum = HEIGHT[7] * square;
    for (let k = 6; k > 0; k--) sum = (sum + HEIGHT[k]) * square;
    return (sum + HEIGHT[0]) * sine;
  }

  function radius2(sine) {
    return (1 - sine * sine) / (1 - ES * sine * sine);
  }

  // distance in metres and first course in radians, by Vincenty (1975)
  function inverse(lon1, lat1, lon2, lat2) {
    const u1 = Math.atan((1 - F) * Math.tan(lat1 * RAD));
    const u2 = Math.atan((1 - F) * Math.tan(lat2 * RAD));
    const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
    const span = (lon2 - lon1) * RAD;
    let lambda = span, sigma, sinSigma, cosSigma, cos2Alpha, mid;
    for (let turn = 0; turn < 50; turn++) {
      const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
      sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
      if (!sinSigma) return { metres: 0, course: 0 };
      cosSigma = s1 * s2 + c1 * c2 * cl;
      sigma = Math.atan2(sinSigma, cosSigma);
      const sinAlpha = (c1 * c2 * sl) / sinSigma;
      cos2Alpha = 1 - sinAlpha * sinAlpha;
      mid = cos2Alpha ? cosSigma - (2 * s1 * s2) / cos2Alpha : 0;
      const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
      const next = span + (1 - C) * F * sinAlpha * (sigma + C * sinSigma * (mid + C * cosSigma * (2 * mid * mid - 1)));
      if (Math.abs(next - lambda) < 1e-13) break;
      lambda = next;
    }
    const { a, delta } = series(cos2Alpha, sinSigma, cosSigma, mid);
    const course = Math.atan2(c2 * Math.sin(lambda), c1 * s2 - s1 * c2 * Math.cos(lambda));
    return { metres: B * a * (sigma - delta), course };
  }

  function series(cos2Alpha, sinSigma, cosSigma, mid) {
    const square = (cos2Alpha * (A * A - B * B)) / (B * B);
    const a = 1 + (square / 16384) * (4096 + square * (-768 + square * (320 - 175 * square)));
    const b = (square / 1024) * (256 + square * (-128 + square * (74 - 47 * square)));
    const inner = cosSigma * (2 * mid * mid - 1) - (b / 6) * mid * (4 * sinSigma * sinSigma - 3) * (4 * mid * mid - 3);
    return { a, delta: b * sinSigma * (mid + (b / 4) * inner) };
  }

  // where one comes to: longitude and latitude
  function direct(lon, lat, course, metres) {
    const u = Math.atan((1 - F) * Math.tan(lat * RAD));
    const [su, cu, sc, cc] = [Math.sin(u), Math.cos(u), Math.sin(course), Math.cos(course)];
    const first = Math.atan2(Math.tan(u), cc);
    const sinAlpha = cu * sc;
    const cos2Alpha = 1 - sinAlpha * sinAlpha;
    const { a } = series(cos2Alpha, 0, 1, 0);
    let sigma = metres / (B * a), mid, ss, cs;
    for (let turn = 0; turn < 50; turn++) {
      mid = Math.cos(2 * first + sigma);
      [ss, cs] = [Math.sin(sigma), Math.cos(sigma)];
      const next = metres / (B * a) + series(cos2Alpha, ss, cs, mid).delta;
      if (Math.abs(next - sigma) < 1e-14) break;
      sigma = next;
    }
    const lambda = Math.atan2(ss * sc, cu * cs - su * ss * cc);
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const turned = lambda - (1 - C) * F * sinAlpha * (sigma + C * ss * (mid + C * cs * (2 * mid * mid - 1)));
    const up = Math.atan2(su * cs + cu * ss * cc, (1 - F) * Math.hypot(sinAlpha, su * ss - cu * cs * cc));
    return [lon + turned / RAD, up / RAD];
  }

  // between an edge and its base height, in a² units
  function swept(lon1, lat1, lon2, lat2, base) {
    const span = Math.max(Math.abs(lon2 - lon1), Math.abs(lat2 - lat1));
    if (span > LONG) return sweptFar(lon1, lat1, lon2, lat2, base, Math.ceil(span / LONG));
    const [sine1, sine2] = [Math.sin(lat1 * RAD), Math.sin(lat2 * RAD)];
    const [height1, height2] = [height(sine1), height(sine2)];
    const turn = (lon2 - lon1) * RAD;
    const rise = height2 - height1;
    const mean = (sine1 + sine2) / 2;
    const square = radius2(mean);
    const bulge = (mean * (square * turn * turn + (3 * rise * rise) / square)) / 12;
    return -turn * ((height1 + height2) / 2 - base + bulge);
  }

  function sweptFar(lon1, lat1, lon2, lat2, base, pieces) {
    const { metres, course } = inverse(lon1, lat1, lon2, lat2);
    let [lon, lat] = [lon1, lat1];
    let sum = 0;
    for (let piece = 1; piece <= pieces; piece++) {
      const [east, north] = piece === pieces ? [lon2, lat2] : direct(lon1, lat1, course, (metres * piece) / pieces);
      sum += swept(lon, lat, east, north, base);
      [lon, lat] = [east, north];
    }
    return sum;
  }

  // signed: counter-clockwise rings are positive; metres squared
  function ringArea(ring) {
    const base = height(Math.sin((ring[0][1] / GRID) * RAD));
    let sum = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      sum += swept(ring[j][0] / GRID, ring[j][1] / GRID, ring[i][0] / GRID, ring[i][1] / GRID, base);
    }
    return sum * A * A;
  }

  // a shape: polygons of rings of corners on the grid, the first ring the outline
  function area(shape) {
    let sum = 0;
    for (const rings of shape) {
      rings.forEach((ring, at) => (sum += Math.abs(ringArea(ring)) * (at ? -1 : 1)));
    }
    return sum;
  }

  function distance([x1, y1], [x2, y2]) {
    const [lon1, lat1, lon2, lat2] = [x1 / GRID, y1 / GRID, x2 / GRID, y2 / GRID];
    if (Math.max(Math.abs(lon2 - lon1), Math.abs(lat2 - lat1)) > LONG) return inverse(lon1, lat1, lon2, lat2).metres;
    const { east, north } = scale((y1 + y2) / 2);
    return Math.hypot((x2 - x1) * east, (y2 - y1) * north);
  }

  // metres in a step of the grid, eastward and northward
  function scale(y) {
    const sine = Math.sin((y / GRID) * RAD);
    const w = 1 - ES * sine * sine;
    const step = RAD / GRID;
    return { east: (A / Math.sqrt(w)) * Math.sqrt(1 - sine * sine) * step, north: ((A * (1 - ES)) / w ** 1.5) * step };
  }

  function length(shape) {
    let sum = 0;
    for (const ring of shape.flat()) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) sum += distance(ring[j], ring[i]);
    }
    return sum;
  }

  Object.assign(edit, { A, GRID, area, distance, height, inverse, direct, length, ringArea, scale, swept });
})();
