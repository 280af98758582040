/* A component of ours: its style, then its script, which finds the style there. */
export default async function (part, script, style) {
  const root = part.parentElement;
  root.jangkauStyle ??= new Promise((done) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: style, onload: done, onerror: done });
    root.append(link);
  });
  const [loaded] = await Promise.all([import(script), root.jangkauStyle]);
  return loaded.default(part);
}
