# SPDX-License-Identifier: Apache-2.0
# Two commands do everything on a fresh machine: `make demo` and `make test`.
PRESET ?= release
BUILD := build/$(PRESET)
RENDERIH := $(BUILD)/renderih

.PHONY: demo test build setup setup-tests asan fuzz lint clean

demo: $(BUILD)/build.ninja
	ninja -C $(BUILD) renderih
	@# Records of another build are refused; the demo, which is nobody's, is begun anew instead.
	@if [ -e demo/dataset.json ] && \
	    ! grep -q "$$(sha256sum <$(RENDERIH) | cut -d' ' -f1)" demo/dataset.json; then \
	    echo "demo: was made by another build of renderih; it is begun anew"; \
	    rm -rf demo; \
	fi
	$(RENDERIH) generate --out demo --config configs/demo.toml
	$(RENDERIH) verify demo
	$(RENDERIH) report demo --out demo/report.html
	@echo "The data set is in $(CURDIR)/demo; open $(CURDIR)/demo/report.html in a browser."

test: setup-tests $(BUILD)/build.ninja
	ninja -C $(BUILD)
	ctest --test-dir $(BUILD) --output-on-failure --parallel 2

build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

setup:
	tools/setup.sh

# What the tests need besides; the configuration looks for it, and one that was made without libtorch
# is made again.
setup-tests:
	tools/setup.sh --python --torch
	@if [ "$(PRESET)" != no-torch ] && grep -qs '^RIH_TORCH:BOOL=OFF' $(BUILD)/CMakeCache.txt; then \
	    rm -f $(BUILD)/build.ninja $(BUILD)/CMakeCache.txt; \
	fi

$(BUILD)/build.ninja: setup CMakePresets.json
	cmake --preset $(PRESET)

# Everything that reads files, under the address and undefined behaviour sanitizers.
asan:
	$(MAKE) test PRESET=asan

# Each reader of files against hostile ones, SECONDS a target (docs/reliability.md).
SECONDS ?= 60
fuzz:
	tools/setup.sh --fuzz
	cmake --preset fuzz
	ninja -C build/fuzz fuzz/all
	fuzz/run.sh $(SECONDS)

lint:
	tools/setup.sh --lint
	tools/check_format.sh
	cmake --preset tidy
	ninja -C build/tidy

clean:
	rm -rf build/release build/dev build/asan build/fuzz build/tsan build/tidy demo
