"""Officers, a leader and a commissioner at their desks, each in a browser of their own; all pages on the way are judged.

desks.py ORIGIN LANGUAGE WORDS CASE…     WORDS: what buttons and fields are called, and the tokens of people, as JSON; the cases are complete and new, at least four
"""

import json
import sys

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.support.ui import WebDriverWait

from hall import PATIENCE, Hall


def main(origin, language, words, *cases):
    words = json.loads(words)

    def desk(person):
        return Hall(origin, language=language, headers={"Authorization": f"Bearer {words['tokens'][person]}"})

    judged = set()

    def judge(hall, name):
        """Each sort of page once."""
        if name not in judged:
            judged.add(name)
            hall.judge(name)

    def go(hall, name):
        """Presses what leads to another page, and waits until that is there."""
        before = hall.driver.find_element("tag name", "html").id
        hall.press(name)
        WebDriverWait(hall.driver, PATIENCE, 0.1, [StaleElementReferenceException]).until(
            lambda driver: driver.find_element("tag name", "html").id != before
            and driver.execute_script("return document.readyState") == "complete", f"{hall.where()}: nothing came behind {name}")

    def act(hall, case, button, fill=(), tick=(), name=None):
        """From the file to an act, and back to the file, which says that it was done."""
        hall.open(f"/desk/cases/{case}")
        judge(hall, "file")
        go(hall, words[button])
        judge(hall, name or button)
        for label, text in fill:
            hall.fill(words[label], text)
        for label in tick:
            hall.tick(words[label])
        go(hall, words[button])
        assert f"/desk/cases/{case}?done=" in hall.where(), f"{hall.where()}: {hall.text()}"
        judge(hall, "done")

    *decided, contested = cases
    with desk("otto") as otto:
        otto.open("/desk")
        for case in cases:
            assert otto.has(case), f"{case} does not wait for the officer: {otto.text()}"
        judge(otto, "queue")
        for case in cases:
            act(otto, case, "accept")
        for case in decided:
            act(otto, case, "recommend", fill=[("opinion", "plans, exits and signs are in order")], tick=["grantWord"])

        # Two officers on one file: the first types, the second is quicker.
        otto.open(f"/desk/cases/{contested}")
        go(otto, words["recommend"])
        otto.fill(words["opinion"], "a long opinion that must not be lost")
        otto.tick(words["grantWord"])
        with desk("hana") as hana:
            act(hana, contested, "note", fill=[("text", "the neighbours were heard")])
            assert words["changed"], "no words"
            otto.wait_for(words["changed"])
            assert otto.value(words["opinion"]) == "a long opinion that must not be lost"
        go(otto, words["recommend"])
        assert words["meanwhile"] in otto.text() and "the neighbours were heard" in otto.text(), otto.text()
        assert otto.value(words["opinion"]) == "a long opinion that must not be lost"
        judge(otto, "meanwhile")
        go(otto, words["recommend"])
        assert f"/desk/cases/{contested}?done=" in otto.where(), otto.text()

    with desk("lena") as lena:
        lena.open("/desk")
        judge(lena, "leader-queue")
        for place, case in enumerate(decided):
            if place % 2:
                act(lena, case, "refuse", fill=[("reasons", "the plan shows no second exit")])
            else:
                act(lena, case, "grant")

    with desk("cora") as cora:
        cora.open("/desk/supervision")
        judge(cora, "supervision")
        cora.open(f"/desk/cases/{contested}")
        for act_of_others in ("grant", "refuse", "recommend", "accept"):
            assert not any(link.endswith(f"/{act_of_others}") for link in cora.links()), f"a commissioner is offered {act_of_others}"
        act(cora, contested, "openOrder", fill=[("orderReason", "why has this case not come on?"), ("due", "3")], tick=["officeHead"])
        for path, name in [
            ("/desk/orders", "orders"), ("/desk/draws", "draws"), ("/desk/cases", "cases"), ("/desk/supervision/figures", "figures"),
            ("/desk/supervision/clock", "clock"), (f"/desk/cases/{contested}/history", "history"), (f"/desk/cases/{contested}/grant", "refused"),
        ]:
            cora.open(path)
            judge(cora, name)

    with desk("hana") as hana:
        hana.open("/desk")
        assert hana.has(contested), hana.text()
        act(hana, contested, "answerOrder", fill=[("answer", "a notice was late; it comes on now")])
    print(" ".join(sorted(judged)))


main(*sys.argv[1:])
