MVN = ./mvnw -B -ntp
NAME ?=
ARGS ?=
VERSIONS ?=

.DEFAULT_GOAL := help
.PHONY: help build test it matrix fmt check bench bench-all bench-report endure endure-transactions endure-security blackhole fuzz checksums broker sample migration-diff docs

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## jars of all modules, without checks and tests
	$(MVN) -Pno-checks package

test: ## unit tests
	$(MVN) test

it: ## tests against real brokers
	$(MVN) -Dmaven.javadoc.skip -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false verify

matrix: ## tests against other releases of Kafka, VERSIONS='2.8.2 3.9.2'
	.ci/matrix $(VERSIONS)

fmt: ## format all sources
	$(MVN) spotless:apply

check: ## the gate: format, compiler checks, all tests, Javadoc
	$(MVN) verify

bench: ## measure a scenario beside kafka-clients, NAME=no-key-100 ARGS='rounds=3'; without NAME a list of them
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am \
		-Dbench.args="name=$(or $(NAME),list) results=results/scenarios $(ARGS)" verify

bench-all: ## measure all scenarios, ARGS='rounds=5', which takes hours
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am -Dbench.args="name=all results=results/scenarios $(ARGS)" verify

bench-report: ## table and plots of what was measured last, in docs/performance
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am -Dbench.main=dev.millrace.benchmarks.report.Report \
		-Dbench.args="results=results/scenarios directory=../docs/performance" verify

endure: ## records under the loss of leaders, ARGS='records=10000000 nodes=3 kill=20s'
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am -Dbench.main=dev.millrace.benchmarks.Endure \
		-Dbench.args="results=results $(ARGS)" verify

endure-transactions: ## transactions under the loss of coordinators and senders, ARGS='transactions=20000 kill=15s'
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am \
		-Dbench.main=dev.millrace.benchmarks.transactions.EndureTransactions -Dbench.args="results=results $(ARGS)" verify

endure-security: ## records while certificates and password change, ARGS='duration=10m rate=10000'
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am -Dbench.main=dev.millrace.benchmarks.security.EndureSecurity \
		-Dbench.args="results=results $(ARGS)" verify

blackhole: ## a cluster that never answers, ARGS='records=10000 timeout=10s'
	$(MVN) -q -Pno-checks,bench -pl benchmarks -am -Dbench.main=dev.millrace.benchmarks.BlackHole \
		-Dbench.args="results=results $(ARGS)" verify

fuzz: ## inputs that break what reads bytes, ARGS='seconds=600 targets=response,metadata'
	$(MVN) -q -Pfuzz -pl engine -am -DskipTests -Dspotless.check.skip -Dmaven.javadoc.skip $(if $(ARGS),-Dfuzz.args="$(ARGS)") verify

checksums: ## the list of what Maven may take, after a change of a dependency
	.ci/checksums

broker: ## a real broker until Ctrl-C, ARGS='--nodes 3 --topic orders:6'
	$(MVN) -q -Pno-checks -pl dev-broker compile exec:exec -Dexec.executable=java -Dexec.args="-classpath %classpath dev.millrace.devbroker.Main $(ARGS)"

sample: ## build a sample and, if it has a trial, run it, NAME=quickstart
	$(MVN) -q -Pno-checks,try-it -pl samples/$(or $(NAME),quickstart) -am verify

migration-diff: ## docs/guide/migration.diff anew, from what is in git's index
	git diff --no-color --no-renames $$(git write-tree):samples/migration/before $$(git write-tree):samples/migration/after \
		> docs/guide/migration.diff

docs: ## Javadoc of the published modules
	$(MVN) -DskipTests -Dspotless.check.skip package
