// A walk in real VS Code, with a screenshot of each step to be looked at. Not part of CI: VS Code takes 315 MB.
//
//   npm i code-server@4.99.4 puppeteer-core --ignore-scripts       (4.99.4 is VS Code 1.99)
//   cd node_modules/code-server/lib/vscode && npm i --omit=dev --ignore-scripts
//   npm_config_nodedir=/usr npm rebuild node-pty @vscode/spdlog native-watchdog kerberos
//   ln -sfn node_modules node_modules.asar
//   node out/server-main.js --install-extension algolint-0.1.0.vsix --extensions-dir EXT --accept-server-license-terms
//   node out/server-main.js --port 8099 --without-connection-token --extensions-dir EXT --accept-server-license-terms
//   node walk.js FOLDER       the folder has a faulty algorithm.yaml, and algolint in .venv
//
// The steps: trust the folder, findings, list of problems, hover, quick fix, completion of a channel, rename.
const puppeteer = require("puppeteer-core");

const folder = process.argv[2];
const address = "127.0.0.1:8099";

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function walk(page) {
  let step = 0;
  const picture = async (name) => page.screenshot({ path: `${++step}-${name}.png` });
  const chord = async (...keys) => {
    for (const key of keys.slice(0, -1)) await page.keyboard.down(key);
    await page.keyboard.press(keys.at(-1));
    for (const key of keys.slice(0, -1)) await page.keyboard.up(key);
  };
  const go = async (line, column) => {
    await page.click(".monaco-editor .view-lines");
    await chord("Control", "KeyG");
    await sleep(500);
    await page.keyboard.type(`${line}:${column}`);
    await page.keyboard.press("Enter");
    await sleep(500);
  };
  const file = [["openFile", `vscode-remote://${address}${folder}/algorithm.yaml`]];
  const query = `folder=${folder}&payload=${encodeURIComponent(JSON.stringify(file))}`;
  await page.goto(`http://${address}/?${query}`, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(".monaco-workbench .monaco-editor .view-line", { timeout: 60_000 });
  await sleep(4000);
  await picture("not-trusted");
  for (const button of await page.$$(".monaco-dialog-box .monaco-button")) {
    if ((await button.evaluate((element) => element.textContent)).startsWith("Yes")) await button.click();
  }
  await page.waitForSelector(".squiggly-error", { timeout: 60_000 });
  await chord("Control", "Shift", "KeyM");
  await sleep(1500);
  await picture("problems");
  await go(5, 6);
  await chord("Control", "KeyK");
  await chord("Control", "KeyI");
  await sleep(1500);
  await picture("hover");
  await page.keyboard.press("Escape");
  await go(6, 6);
  await chord("Control", "Period");
  await sleep(2000);
  await picture("quick-fix");
  await page.keyboard.press("Enter");
  await sleep(1500);
  await go(19, 26);
  await chord("Control", "Space");
  await sleep(2000);
  await picture("completion");
  await page.keyboard.press("Enter");
  await sleep(1000);
  await go(8, 14);
  await page.keyboard.press("F2");
  await sleep(1500);
  await chord("Control", "KeyA");
  await page.keyboard.type("training");
  await page.keyboard.press("Enter");
  await sleep(2000);
  await picture("renamed");
}

async function main() {
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
    defaultViewport: { width: 1400, height: 900 },
  });
  try {
    await walk(await browser.newPage());
  } finally {
    await browser.close();
  }
}

main();
