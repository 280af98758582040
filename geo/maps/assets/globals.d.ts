/* What stands on `window` beside Leaflet: ours, and what streamlit-folium leaves there. */
declare global {
  interface Window {
    /** What Folium's script, tests and benchmarks call of the map's script. */
    Jangkau: unknown;
    /** A page that carries everything inside (page_start.js). */
    JangkauPage: {
      read(name: string): Promise<ArrayBuffer>;
      unpack(text: string): Promise<ArrayBuffer>;
    };
    Streamlit?: { setComponentValue(value: unknown): void };
    __GLOBAL_DATA__: object;
  }
}

export {};
