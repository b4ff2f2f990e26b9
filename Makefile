# make lab          set up .venv (by hash, nothing global) and open the course in JupyterLab
# make lab TORCH=cpu           the small CPU-only PyTorch; TORCH=folder takes wheels from a folder
# make lab PYTHON=python3.12   another interpreter than python3
# make lab FRESH=1             remake .venv and download everything again
PYTHON ?= python3
TORCH ?=
LAB_FLAGS ?=
SETUP_FLAGS := $(if $(findstring file,$(origin PYTHON)),,--switch-python) $(if $(FRESH),--fresh)

# Bytecode is wanted: importing torch without it costs four seconds a process, and some machines switch it off.
export PYTHONDONTWRITEBYTECODE =
export UV_SYSTEM_CERTS = 1

VPYTHON = .venv/bin/python
COMPILE = .venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q $(UPGRADE)
# Two processes of one thread each are faster than one process of two; whole files, because nbval shares a kernel per file.
PYTEST = OMP_NUM_THREADS=1 $(VPYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: setup lab test check course build claims slides lint api lock resolve bench gpu-times
setup:
	@"$(PYTHON)" install.py --torch "$(TORCH)" $(SETUP_FLAGS)

lab: setup
	@$(VPYTHON) -m course_lib.cli lab $(LAB_FLAGS)

test: setup            # everything: notebooks replayed by nbval, units, smoke runs, a real browser
	@$(PYTEST) --nbval-lax --nbval-current-env --nbval-cell-timeout=1200 notebooks tests $(TEST_FLAGS)

check: setup           # units and smoke runs of the notebooks
	@$(PYTEST) -m "not browser and not slow" tests $(TEST_FLAGS)

course: setup          # all notebooks, headless, into build/
	@$(VPYTHON) -m course_lib.cli run $(COURSE_FLAGS)

build: setup           # notebooks/*.ipynb from notebooks/src
	@$(VPYTHON) -m course_lib.cli build $(BUILD_FLAGS)

slides: setup          # every deck as one page and as a PDF, into build/slides
	@$(VPYTHON) -m course_lib.cli slides $(SLIDES_FLAGS)

claims: setup          # data/claims.json: every claim over seeds
	@$(VPYTHON) -m course_lib.cli claims $(CLAIMS_FLAGS)

bench: setup           # the measurements behind the README's table
	@OMP_NUM_THREADS=1 $(VPYTHON) -m pytest tests/bench --benchmark-enable $(TEST_FLAGS)

gpu-times: setup       # on a machine with a CUDA GPU: data/times-gpu.json, which lesson 14.2 reads
	@$(VPYTHON) -m course_lib.chapters.ch14_scale_up.speed_gpu

lint: setup            # what pre-commit and tests/setup/test_lint.py run, too
	@$(VPYTHON) -m ruff format --check . && $(VPYTHON) -m ruff check . && $(VPYTHON) -m mypy

api: setup             # every public name of course_lib, as pages in build/api
	@$(VPYTHON) -m pdoc course_lib --docformat google --output-directory build/api

lock: setup            # after editing pyproject.toml; `make lock UPGRADE=--upgrade` for the newest versions
	@$(COMPILE) pyproject.toml --extra dev -o locks/requirements.lock
	@$(COMPILE) --group pyproject.toml:setup -o locks/requirements-uv.lock
	@sed -e '/^ *--hash=/d' -e 's/ *\\$$//' locks/requirements.lock > locks/constraints.txt

resolve: setup         # the dependencies have a solution on every Python we promise
	@for v in 3.11 3.12 3.13; do .venv/bin/uv pip compile pyproject.toml --extra dev --python-version $$v -q -o /dev/null \
		&& echo "Python $$v resolves" || exit 1; done
