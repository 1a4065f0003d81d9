// A walk in real VS Code, with a screenshot of each step to be looked at. Not part of CI: VS Code takes 315 MB.
//
//   npm i code-server@4.99.4 puppeteer-core --ignore-scripts       (4.99.4 is VS Code 1.99)
//   cd node_modules/code-server/lib/vscode && npm i --omit=dev --ignore-scripts
//   npm_config_nodedir=/usr npm rebuild node-pty @vscode/spdlog native-watchdog kerberos
//   ln -sfn node_modules node_modules.asar
//   node out/server-main.js --install-extension algolint-0.1.0.vsix --extensions-dir EXT --accept-server-license-terms
//   node out/server-main.js --port 8099 --without-connection-token --extensions-dir EXT --accept-server-license-terms
//   node walk.js FOLDER       a folder with algolint in .venv; algorithm.yaml is written there
//
// The steps: trust the folder, see the findings, the list of problems, hover, complete a channel, apply a fix, rename a
// hyperparameter, ignore a finding with a reason. The text that is left is printed.
const fs = require("fs");
const puppeteer = require("puppeteer-core");

const folder = process.argv[2];
const address = "127.0.0.1:8099";
const SPEC = `\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
  SupportedTrainingInstanceTypes: [ml.m5.xlarge, ml.m5.3xlarge]
  TrainingChannels:
    - Name: train
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [File]
    - Name: test
      SupportedContentTypes: [text/csv]
      SupportedInputModes: [File]
  SupportedHyperParameters:
    - Name: context_length
      Type: Integer
      DefaultValue: "48"
      Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "24"}}
  MetricDefinitions:
    - {Name: "test:mape", Regex: "mape=([0-9.]+)"}
  SupportedTuningJobObjectiveMetrics:
    - {Type: Minimize, MetricName: "test_mape"}
ValidationSpecification:
  ValidationRole: arn:aws:iam::246618743249:role/validation
  ValidationProfiles:
    - ProfileName: small
      TrainingJobDefinition:
        TrainingInputMode: File
        HyperParameters: {context_length: "12"}
        InputDataConfig:
          - ChannelName: 
            DataSource: {S3DataSource: {S3DataType: S3Prefix, S3Uri: s3://amzn-example-bucket/train/}}
        OutputDataConfig: {S3OutputPath: s3://amzn-example-bucket/models/}
        ResourceConfig: {InstanceType: ml.m5.xlarge, InstanceCount: 1, VolumeSizeInGB: 10}
        StoppingCondition: {MaxRuntimeInSeconds: 3600}
`;

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
    await sleep(700);
    await page.keyboard.type(`${line}:${column}`);
    await page.keyboard.press("Enter");
    await sleep(700);
  };
  const choose = async (text) => {
    // Actions are listed in the order of the server; the menu has no search.
    await chord("Control", "Period");
    await sleep(2500);
    const rows = await page.$$(".action-widget .monaco-list-row");
    for (const row of rows) {
      if ((await row.evaluate((element) => element.textContent)).includes(text)) return row;
    }
    throw new Error(`no action ${text} among ${rows.length}`);
  };
  fs.writeFileSync(`${folder}/algorithm.yaml`, SPEC);
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
  await sleep(2000);
  await picture("problems");
  await go(5, 6);
  await chord("Control", "KeyK");
  await chord("Control", "KeyI");
  await sleep(2500);
  await picture("hover");
  await page.keyboard.press("Escape");
  await go(29, 26);
  await chord("Control", "Space");
  await sleep(2500);
  await picture("completion");
  await page.keyboard.press("Enter");
  await sleep(1500);
  await go(20, 40);
  const fix = await choose("change to 'test:mape'");
  await picture("quick-fix");
  await fix.click();
  await sleep(2000);
  await go(13, 15);
  await page.keyboard.press("F2");
  await sleep(2500);
  await chord("Control", "KeyA");
  await page.keyboard.type("history_length");
  await page.keyboard.press("Enter");
  await sleep(2500);
  await picture("renamed");
  await go(4, 53);
  await (await choose("ignore unknown-instance-type here")).click();
  await sleep(2500);
  await picture("ignored");
  await chord("Control", "KeyS");
  await sleep(2000);
  console.log(fs.readFileSync(`${folder}/algorithm.yaml`, "utf8"));
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
