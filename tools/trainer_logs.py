"""Write fixtures/logs: logs of real trainers, and the values that the trainers return to their callers.

    pip install xgboost-cpu lightgbm scikit-learn catboost keras jax tqdm ngboost optuna gensim \
        torch transformers accelerate lightning pytorch-ignite sagemaker-training
    python tools/trainer_logs.py            # all, or the names of some

Each trainer runs in a separate process, whose output is the log. A JSON file next to it has the version of
the library, typical patterns, and the values. tests/test_trainer_logs.py compares the numbers that `algolint
metrics` reads from the log with these values.
"""

# mypy: ignore-errors
from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "fixtures" / "logs"
ANY = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
TRAINERS = {}


def trainer(package, **patterns):
    """Register a function that trains, prints a log, and returns the values by metric."""

    def add(train):
        TRAINERS[train.__name__] = (package, {k.replace("__", ":"): v for k, v in patterns.items()}, train)
        return train

    return add


def data(rows=60, columns=4, classes=False):
    """Return a small data set, the same each time."""
    import numpy as np

    dice = np.random.default_rng(3)
    x = dice.normal(size=(rows, columns))
    y = x @ np.arange(1, columns + 1) + dice.normal(size=rows)
    return x, (y > 0).astype(int) if classes else y


# ---------------------------------------------------------------- trees


def _xgboost():
    import xgboost

    x, y = data()
    train, test = xgboost.DMatrix(x[:40], y[:40]), xgboost.DMatrix(x[40:], y[40:])
    values = {}
    xgboost.train(
        {"max_depth": 2, "eta": 0.3, "seed": 1, "nthread": 1},
        train,
        12,
        evals=[(train, "train"), (test, "validation")],
        evals_result=values,
    )
    return {f"{name}:rmse": found["rmse"] for name, found in values.items()}


@trainer("xgboost-cpu", train__rmse=r"train-rmse:([0-9.]+)", validation__rmse=r"validation-rmse:([0-9.]+)")
def xgboost():
    return _xgboost()


@trainer(
    "xgboost-cpu",
    train__rmse=r".*\[[0-9]+\]#011train-rmse:([0-9.]+)#011",
    validation__rmse=r".*\[[0-9]+\].*#011validation-rmse:(\S+)",
)
def xgboost_in_cloudwatch():
    """Train as above, and print the log stream as filter-log-events returns it, with CloudWatch's tabs."""
    text = subprocess.run(
        [sys.executable, __file__, "--run", "xgboost"], capture_output=True, text=True, check=True
    ).stdout
    events = [
        {
            "logStreamName": "xgboost-2026-11-28-10-00-00-000/algo-1-1764324000",
            "timestamp": 1764324000000 + 1000 * number,
            "message": line.replace("\t", "#011"),
            "ingestionTime": 1764324000500 + 1000 * number,
            "eventId": f"{number:056}",
        }
        for number, line in enumerate(text.partition("\0")[0].splitlines())
    ]
    print(json.dumps({"events": events, "searchedLogStreams": []}, indent=4))
    return json.loads(text.partition("\0")[2])


@trainer(
    "lightgbm",
    train__l2=r"training's l2: ([0-9.e+-]+)",
    validation__l2=r"valid_1's l2: ([0-9\.]+)",
)
def lightgbm():
    import lightgbm

    x, y = data(200)
    train = lightgbm.Dataset(x[:150], y[:150])
    values = {}
    lightgbm.train(
        {"objective": "l2", "num_leaves": 4, "seed": 1, "num_threads": 1},
        train,
        12,
        valid_sets=[train, train.create_valid(x[150:], y[150:])],
        callbacks=[lightgbm.log_evaluation(1), lightgbm.record_evaluation(values)],
    )
    return {"train:l2": values["training"]["l2"], "validation:l2": values["valid_1"]["l2"]}


@trainer(
    "catboost",
    train__rmse=r"learn: ([0-9.]+)",
    validation__rmse=r"test: ([0-9.]+)\s+best",
)
def catboost():
    import catboost

    x, y = data(120)
    model = catboost.CatBoostRegressor(
        iterations=12, depth=3, random_seed=1, thread_count=1, allow_writing_files=False
    )
    model.fit(x[:90], y[:90], eval_set=(x[90:], y[90:]), verbose=1, use_best_model=False)
    values = model.get_evals_result()
    return {"train:rmse": values["learn"]["RMSE"], "validation:rmse": values["validation"]["RMSE"]}


@trainer("scikit-learn", train__loss=r"^\s+\d+\s+([0-9.]+)\s")
def scikit_learn_gradient_boosting():
    from sklearn.ensemble import GradientBoostingRegressor

    x, y = data()
    model = GradientBoostingRegressor(n_estimators=10, verbose=2, random_state=1).fit(x, y)
    return {"train:loss": list(model.train_score_)}


@trainer("scikit-learn", train__loss=r"Iteration \d+, loss = ([0-9.]+)")
def scikit_learn_perceptron():
    from sklearn.neural_network import MLPClassifier

    x, y = data(classes=True)
    model = MLPClassifier((4,), max_iter=12, verbose=True, random_state=1).fit(x, y)
    return {"train:loss": list(model.loss_curve_)}


@trainer("ngboost", train__loss=r"(?<!val_)loss=([0-9.-]+)", validation__loss=r"val_loss=([0-9.-]+)")
def ngboost():
    from ngboost import NGBRegressor

    x, y = data(120)
    model = NGBRegressor(n_estimators=12, verbose_eval=1, random_state=1)
    model.fit(x[:90], y[:90], X_val=x[90:], Y_val=y[90:])
    results = model.evals_result
    return {
        "train:loss": [float(v) for v in results["train"]["LOGSCORE"]],
        "validation:loss": [float(v) for v in results["val"]["LOGSCORE"]],
    }


# ---------------------------------------------------------------- networks


def _keras(verbose):
    os.environ["KERAS_BACKEND"] = "jax"
    import keras

    keras.utils.set_random_seed(1)
    x, y = data(64, classes=True)
    model = keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1, "sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])
    values = model.fit(x, y, epochs=6, validation_split=0.25, batch_size=16, verbose=verbose).history
    names = {"train:loss": "loss", "train:accuracy": "accuracy", "validation:loss": "val_loss"}
    return {name: [float(value) for value in values[key]] for name, key in names.items()}


KERAS = {
    "train__loss": r" loss: ([0-9.]+)",
    "train__accuracy": r" accuracy: ([0-9.]+)",
    "validation__loss": r"val_loss: ([0-9.]+)",
}


@trainer("keras", **KERAS)
def keras_lines():
    return _keras(2)


@trainer("keras", validation__loss=r"val_loss: ([0-9.]+)")
def keras_bar():
    """Print a bar, redrawn with backspaces and colors. The line of an epoch ends with its validation."""
    return {"validation:loss": _keras(1)["validation:loss"]}


@trainer(
    "torch",
    train__loss=r"Train Loss: ([0-9.]+)",
    validation__loss=r"Val Loss: ([0-9.]+)",
    lr=rf"lr={ANY}",
)
def pytorch_loop():
    import torch

    torch.manual_seed(1)
    x, y = (torch.tensor(part, dtype=torch.float32) for part in data())
    model = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.3)
    values = {"train:loss": [], "validation:loss": [], "lr": []}
    for epoch in range(10):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x[:40])[:, 0], y[:40])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            validation = torch.nn.functional.mse_loss(model(x[40:])[:, 0], y[40:])
        rate = schedule.get_last_lr()[0]
        schedule.step()
        print(
            f"Epoch: {epoch + 1:02} | Train Loss: {loss.item():.4f} |  Val Loss: {validation.item():.4f}"
            f" | lr={rate}"
        )
        for name, value in zip(values, (loss.item(), validation.item(), rate), strict=True):
            values[name].append(value)
    return values


@trainer("torch", train__loss=r"Loss: (.*)$", test__right=r"Accuracy: (\d+)/")
def pytorch_examples():
    """Print the lines of PyTorch's own MNIST example, with its tabs."""
    import torch

    torch.manual_seed(1)
    x, y = data(64, classes=True)
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.Adadelta(model.parameters())
    values = {"train:loss": [], "test:right": []}
    for epoch in range(1, 4):
        for batch in range(4):
            rows = slice(16 * batch, 16 * batch + 16)
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            print(f"Train Epoch: {epoch} [{batch * 16}/64 ({25.0 * batch:.0f}%)]\tLoss: {loss.item():.6f}")
            values["train:loss"].append(loss.item())
        right = int((model(x).argmax(1) == y).sum())
        print(
            f"\nTest set: Average loss: {torch.nn.functional.cross_entropy(model(x), y).item():.4f},"
            f" Accuracy: {right}/64 ({100.0 * right / 64:.0f}%)\n"
        )
        values["test:right"].append(right)
    return values


@trainer(
    "transformers",
    train__loss=r"'loss': '?([0-9]+(.|e\-)[0-9]+)'?,?",
    eval__loss=r"'eval_loss': '?([0-9]+(.|e\-)[0-9]+)'?,?",
    learning_rate=rf"'learning_rate': '?{ANY}",
)
def hugging_face_trainer():
    import torch
    from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    rows = [{"input_ids": [n % 20, 3, 4], "labels": n % 2} for n in range(32)]
    arguments = TrainingArguments(
        "/tmp/hugging-face-trainer", num_train_epochs=4, logging_steps=4, eval_strategy="epoch",
        disable_tqdm=True, report_to=[], save_strategy="no", use_cpu=True, seed=1
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    job = Trainer(model=model, args=arguments, train_dataset=rows, eval_dataset=rows)
    job.train()
    history = job.state.log_history
    return {
        name: [row[key] for row in history if key in row]
        for name, key in (
            ("train:loss", "loss"),
            ("eval:loss", "eval_loss"),
            ("learning_rate", "learning_rate"),
        )
    }


@trainer("lightning", validation__loss=r"New best score: ([0-9.]+)")
def lightning():
    import torch
    from lightning.pytorch import LightningModule, Trainer, seed_everything
    from lightning.pytorch.callbacks import EarlyStopping

    seed_everything(1)
    x, y = (torch.tensor(part, dtype=torch.float32) for part in data(64))
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=16)
    values = []

    class Model(LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(4, 1)

        def training_step(self, batch, _):
            return torch.nn.functional.mse_loss(self.layer(batch[0])[:, 0], batch[1])

        def validation_step(self, batch, _):
            loss = torch.nn.functional.mse_loss(self.layer(batch[0])[:, 0], batch[1])
            self.log("val_loss", loss)

        def on_train_epoch_end(self):
            values.append(float(self.trainer.callback_metrics["val_loss"]))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.05)

    Trainer(
        max_epochs=4, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, num_sanity_val_steps=0,
        callbacks=[EarlyStopping("val_loss", verbose=True)]
    ).fit(Model(), loader, loader)  # fmt: skip
    return {"validation:loss": values}


@trainer("pytorch-ignite", train__loss=r"loss: ([0-9.]+)")
def ignite():
    import logging

    import torch
    from ignite.engine import Engine, Events
    from ignite.utils import setup_logger

    torch.manual_seed(1)
    x, y = (torch.tensor(part, dtype=torch.float32) for part in data())
    model = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    values = []

    def step(_, __):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x)[:, 0], y)
        loss.backward()
        optimizer.step()
        return loss.item()

    engine = Engine(step)
    logger = setup_logger("trainer", level=logging.INFO)

    @engine.on(Events.EPOCH_COMPLETED)
    def report(engine):
        logger.info("epoch %d, loss: %.5f", engine.state.epoch, engine.state.output)
        values.append(engine.state.output)

    engine.run([0], max_epochs=8)
    return {"train:loss": values}


# ---------------------------------------------------------------- other things that train


@trainer("tqdm", train__loss=r"loss=([0-9.e-]+)\]$")
def tqdm_bar():
    """Print a bar for each epoch: one line of updates, the last of which has the loss of the epoch."""
    from tqdm import tqdm

    values = []
    for epoch in range(5):
        with tqdm(range(4), desc=f"Epoch {epoch}", mininterval=0, ncols=100) as bar:
            for step in bar:
                loss = 1 / (1 + epoch * 4 + step)
                bar.set_postfix(loss=loss)
        values.append(loss)
    return {"train:loss": values}


@trainer("optuna", objective=rf"finished with value: {ANY}", best=rf"Best is trial \d+ with value: {ANY}\.$")
def optuna():
    import optuna

    best = []
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(1))
    study.optimize(
        lambda trial: (trial.suggest_float("x", -1, 1) ** 2 + 1e-6) / 100,
        n_trials=10,
        callbacks=[lambda study, _: best.append(study.best_value)],
    )
    return {"objective": [trial.value for trial in study.trials], "best": best}


@trainer("gensim", perplexity=r"([0-9.]+) perplexity estimate", bound=r"(-[0-9.]+) per-word bound")
def gensim():
    import logging

    import numpy as np
    from gensim.models import LdaModel

    bounds = []

    class Model(LdaModel):
        def log_perplexity(self, chunk, total_docs=None):
            bounds.append(float(super().log_perplexity(chunk, total_docs)))
            return bounds[-1]

    logging.basicConfig(format="%(asctime)s : %(levelname)s : %(message)s", level=logging.INFO)
    corpus = [[(word % 12, 1) for word in range(n, n + 5)] for n in range(40)]
    words = {n: f"w{n}" for n in range(12)}
    Model(corpus, id2word=words, num_topics=3, passes=4, eval_every=1, random_state=1)
    return {"bound": bounds, "perplexity": [float(np.exp2(-bound)) for bound in bounds]}


@trainer(
    "sagemaker-training",
    train__loss=r"Train Loss: ([0-9.]+)",
    validation__loss=r"^.*<stdout>:.*Val Loss: ([0-9.]+)",
)
def mpi():
    """Print the lines of the PyTorch loop as the MPI launcher of sagemaker-training forwards them."""
    import asyncio
    import contextlib
    import io

    from sagemaker_training import process

    text = subprocess.run(
        [sys.executable, __file__, "--run", "pytorch_loop"], capture_output=True, text=True, check=True
    ).stdout
    log, _, values = text.partition("\0")
    tagged = "".join(f"[1,0]<stdout>:{line}\n" for line in log.splitlines())

    async def launched():
        stream = asyncio.StreamReader()
        stream.feed_data(tagged.encode())
        stream.feed_eof()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            await process.watch(stream, 1)
        return printed.getvalue()

    print(asyncio.run(launched()), end="")
    values = json.loads(values)
    return {name: values[name] for name in ("train:loss", "validation:loss")}


# ---------------------------------------------------------------- writing


def run(name):
    """Train in this process, and print the values after the log."""
    values = TRAINERS[name][2]()
    sys.stderr.flush()
    print("\0" + json.dumps(values), flush=True)


def write(name):
    """Train in a new process, and write its log and its values."""
    package, patterns, _ = TRAINERS[name]
    done = subprocess.run(
        [sys.executable, __file__, "--run", name],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "100", "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    log, found, values = done.stdout.partition(b"\0")
    if done.returncode or not found:
        print(f"{name}: failed\n{done.stdout.decode(errors='replace')[-2000:]}")
        return
    log = re.sub(rb"(?<=[ /\"])/[\w./-]*/(?:site-packages|tmp)/", b"/", log)
    values = json.loads(values.splitlines()[0])
    head = {
        "library": f"{package} {importlib.metadata.version(package)}",
        "script": "tools/trainer_logs.py",
        "metrics": {key: {"Regex": patterns[key], "values": values[key]} for key in patterns},
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.log").write_bytes(log)
    (FOLDER / f"{name}.json").write_text(json.dumps(head, indent=2) + "\n", encoding="utf-8")
    print(f"{name}: {len(log):,} bytes")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2])
    else:
        for each in sys.argv[1:] or TRAINERS:
            write(each)
