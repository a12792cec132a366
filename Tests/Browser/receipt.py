"""Somebody looks for their case by its receipt, on a phone, with the keyboard alone; with scripts, and without.

receipt.py ORIGIN LANGUAGE RECEIPT and, as the pages say them: the page, the field, the button, what is missing, another one.
"""

import sys

from hall import Hall, Keys

origin, language, receipt, page, field, button, missing, another = sys.argv[1:]
for script in (True, False):
    with Hall(origin, language=language, width=390, script=script) as hall:
        hall.open("/")
        hall.tab_to(page)
        hall.enter()
        assert hall.heading() == page, hall.heading()

        hall.tab_to(button)
        hall.enter()
        assert hall.response().status == 422, hall.response().status
        assert missing in hall.text(), hall.text()
        hall.judge("receipt-missing")
        hall.tab_to(missing)
        hall.keys(Keys.ENTER)
        assert hall.focused() == field, hall.focused()

        hall.keys(receipt)
        hall.enter()
        assert receipt in hall.text(), hall.text()
        assert hall.has(another)
        hall.judge("receipt")
