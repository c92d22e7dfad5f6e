# make alone lists the targets. All but 'lint' and 'dist' need nothing but Go and make; 'dist' needs zip and wixl.

SHELL = bash
.SHELLFLAGS = -o pipefail -c

# Static binaries: they start faster and run on any Linux.
export CGO_ENABLED ?= 0
VERSION ?= $(shell packaging/version)
BUILD = go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(VERSION)'
ACTIONLINT = github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
DIST_TOOLS = github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2 github.com/tc-hib/go-winres@v0.3.3 \
	github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
DIST ?= dist
# Where the project is at home, for deb and rpm; left out where it is empty.
export HOMEPAGE ?=
FUZZTIME ?= 30s
HEALTHY = ./check_cs_backup -f contrib/samples/healthy.json --max-age 0
BROKEN = ./check_cs_backup -f contrib/samples/broken.json --max-age 0

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z -]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 32

.PHONY: build
build: ## build the plugin for this machine: ./check_cs_backup
	$(BUILD) -o check_cs_backup$(shell go env GOEXE) ./cmd/check_cs_backup

.PHONY: run
run: build ## build the plugin and evaluate a healthy and a broken sample, as README shows
	@echo '$$ $(HEALTHY)'
	@$(HEALTHY)
	@echo '$$ $(BROKEN)'
	@$(BROKEN); code=$$?; echo "exit code $$code"; test $$code -eq 2

.PHONY: dist
dist: ## make all that is released under dist/: programs, deb, rpm, zip, MSI (needs zip, wixl)
	@for tool in zip wixl wixl-heat; do \
		command -v $$tool > /dev/null || \
			{ echo "make dist needs $$tool (Debian: apt install zip wixl)" >&2; exit 1; }; \
	done
	@echo 'This takes a minute or two, and the first time several more, in which its tools are built.'
	@CGO_ENABLED=0 GOBIN=$(CURDIR)/.bin; export CGO_ENABLED GOBIN; \
		for tool in $(DIST_TOOLS); do go install -trimpath $$tool || exit 1; done
	VERSION='$(VERSION)' packaging/dist $(DIST)

.PHONY: man completion contrib
man completion contrib: ## write man page, completions, Icinga's objects from the flags
	go test ./cmd/check_cs_backup -run '^TestGenerated$$/^$@$$' -write

.PHONY: test
test: ## run all tests; TESTFLAGS=-race for the race detector (needs a C compiler)
	@go test -v -timeout 60m $(TESTFLAGS) ./... 2>&1 | awk -f .ci/summary.awk

.PHONY: quick
quick: ## run the tests that are done in 20 seconds
	@go test -short ./...

.PHONY: lint
lint: ## gofmt, go vet for Linux and Windows, staticcheck, actionlint: a warning is an error
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	GOOS=linux go vet ./...
	GOOS=windows go vet ./...
	for tool in $(STATICCHECK) $(ACTIONLINT); do GOBIN=$(CURDIR)/.bin go install $$tool || exit 1; done
	GOOS=linux .bin/staticcheck ./...
	GOOS=windows .bin/staticcheck ./...
	.bin/actionlint

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (30s), and what damages statuses with a fresh seed
	TEST_SEED=$$(date +%s%N) go test -count 1 ./check/decode ./thresholds
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep ^Fuzz); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

.PHONY: bench
bench: build ## run the benchmarks, and time the plugin against a program that prints one line
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: cover
cover: ## run the tests and show what they don't reach
	go test -coverpkg ./... -coverprofile cover.out ./...
	go tool cover -func cover.out | tail -n 1
	go tool cover -html cover.out -o cover.html

.PHONY: clean
clean: ## remove what the targets made
	rm -rf check_cs_backup check_cs_backup.exe dist .bin cover.out cover.html
