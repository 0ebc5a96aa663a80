// Prints the markup that React makes of a generated component: node render_react.cjs FILE
// Complaints of React go to standard error.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const tools = Module.createRequire(path.join(__dirname, "package.json"));
const ts = tools("typescript");

require.extensions[".tsx"] = (module, file) => {
  const { outputText } = ts.transpileModule(fs.readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      jsx: ts.JsxEmit.ReactJSX,
      esModuleInterop: true,
    },
  });
  module._compile(outputText, file);
};
// A style sheet's module gives every name back as it is.
require.extensions[".css"] = (module) => {
  module.exports = new Proxy({}, { get: (_, name) => (name === "__esModule" ? false : name) });
};

const { createElement } = tools("react");
const { renderToStaticMarkup } = tools("react-dom/server");
const component = require(path.resolve(process.argv[2])).default;
process.stdout.write(renderToStaticMarkup(createElement(component)));
