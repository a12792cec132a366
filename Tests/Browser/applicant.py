"""An applicant's way through the hall: guide, form with an error, files, check, case, correction, decision, and whether that is genuine.

applicant.py ORIGIN LANGUAGE TOKEN CASECTL SOCKET

Once with the keyboard alone and without scripts, then once more with judges on each page. The office works on the command line meanwhile.
"""

import html
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

from hall import PATIENCE, Hall
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

WORDS = {
    "en": dict(
        apply="Apply online", begin="Begin the application", title="Title", metres="Area in square metres", first="First day", use="food",
        north="north · Officer", form="Choose a file – Signed form", plan="Choose a file – Site plan",
        paper="I hand it in on paper: Window A ground floor – Photo", go="Continue", error="Error: ", missing="Choose the area",
        check="Check your answers", submit="Submit the application", done="Your application was submitted", case="To the case",
        asked="The office asks you for", hand="Hand in what is asked for", handIn="Hand it in", corrected="What was asked for is handed in",
        mine="My cases", notices="Notices", seen="I have seen all of them", taken="seen ", decision="See the decision, and how to check it",
        verify="How to check a decision", withdraw="Withdraw the case", withdrawn="The case is withdrawn.", save="Save and go on later",
        saved="The draft is saved", remove="Delete the draft", removed="The draft is deleted", optional=" (optional)", problem="There is a problem", handed="What you handed in", day="7 April 2026",
        question="Do you want to withdraw"),
    "zh": dict(
        apply="在线申请", begin="开始申请", title="标题", metres="占地面积（平方米）", first="开始日期", use="餐饮", north="north · Officer",
        form="选择文件 – 签字的申请书", plan="选择文件 – 平面图", paper="到窗口提交纸质材料：Window A ground floor – 现场照片", go="下一步", error="错误：",
        missing="请选择区域", check="核对填写内容", submit="提交申请", done="申请已提交", case="查看案件", asked="机构要求您提交", hand="提交所需材料", handIn="提交",
        corrected="所需材料已提交", mine="我的案件", notices="通知", seen="全部已阅", taken="已阅于", decision="查看决定及核验方法", verify="如何核验决定", withdraw="撤回案件",
        withdrawn="案件已撤回", save="保存，稍后继续", saved="草稿已保存", remove="删除草稿", removed="草稿已删除", optional="（非必填）", problem="请更正以下问题", handed="已提交的材料", day="2026年4月7日", question="确定撤回"),
}


class Walk:
    """One person's way. judged: whether each page is judged; else it is gone with the keyboard, in a browser that runs no scripts."""

    def __init__(self, origin, language, token, casectl, socket, judged):
        self.words, self.judged, self.token, self.origin = WORDS[language], judged, token, origin
        self.office = lambda *words: subprocess.run(
            [casectl, *words, "--socket", socket], check=True, capture_output=True, text=True)
        self.hall = Hall(origin, language=language, script=judged, headers={"Authorization": f"Bearer {token}"}, width=1200 if judged else 390)

    def look(self, name):
        if self.judged:
            self.hall.judge(f"my-{name}")
        else:
            self.hall.fits()
            self.hall.shot(f"my-{name}-no-script")

    def write(self, label, text):
        if self.judged:
            self.hall.fill(label, text)
        else:
            self.hall.tab_to(label)
            self.hall.keys(text)

    def tick(self, label):
        if self.judged:
            self.hall.tick(label)
        else:
            self.hall.tab_to(label)
            self.hall.keys(Keys.SPACE)

    def press(self, name, expected):
        if self.judged:
            self.hall.press(name)
        else:
            self.hall.tab_to(name)
            self.hall.keys(Keys.ENTER)
        self.see(expected)

    def see(self, text):
        """Waits until the page that follows is there; between two pages the browser knows of neither."""
        WebDriverWait(self.hall.driver, PATIENCE, 0.1, [WebDriverException]).until(
            lambda _: text in self.hall.text(), f"{self.hall.where()}: {text} did not come")

    def go(self, folder):
        words, hall = self.words, self.hall
        paths = {}
        for name in ("form", "plan", "signed"):
            paths[name] = folder / f"{name}.pdf"
            paths[name].write_bytes(f"%PDF-1.7 {name}".encode())

        hall.open("/matters/stall")
        self.look("guide")
        self.press(words["apply"], words["begin"])
        self.look("apply")
        self.press(words["begin"], words["go"])
        self.look("form")
        self.write(words["title"], "Stall <7>")
        self.write(words["metres"], "1 200")
        hall.upload(words["form"], paths["form"])
        self.press(words["go"], words["missing"])
        assert hall.title().startswith(words["error"]), hall.title()
        self.look("form-error")
        assert hall.value(words["title"]) == "Stall <7>" and hall.has("form.pdf")
        if not self.judged:
            # The summary has the focus, and its first line leads to the field.
            hall.keys(Keys.TAB)
            assert hall.focused() == words["missing"], hall.focused()
        self.tick(words["north"])
        self.write(words["first"], "2026/4/7")
        self.tick(words["use"])
        hall.upload(words["plan"], paths["plan"])
        self.press(words["go"], words["check"])
        assert "1200" in hall.text() and words["day"] in hall.text()
        self.look("check")
        self.press(words["submit"], words["done"])
        self.look("submitted")
        case = re.search(r"C-[0-9]+", hall.text()).group()
        hall.reload()
        assert case in hall.text()

        self.office("request-correction", case, "--missing", "form", "--missing", "photo", "--note", "signed, please", "--as", "otto")
        self.press(words["case"], words["asked"])
        self.look("case-asked")
        hall.open("/my/notices")
        self.look("notices")
        self.press(words["seen"], words["taken"])
        hall.open(f"/my/cases/{case}")
        self.press(words["hand"], words["handIn"])
        self.look("correction")
        hall.upload(words["form"], paths["signed"])
        self.press(words["handIn"], words["problem"])
        self.look("correction-error")
        self.tick(words["paper"])
        self.press(words["handIn"], words["corrected"])

        self.office("accept", case, "--as", "otto")
        self.office("recommend", case, "grant", "--opinion", "it fits", "--as", "otto")
        self.office("grant", case, "--reasons", "it fits the street", "--as", "lena")
        hall.open(f"/my/cases/{case}")
        self.look("case-decided")
        self.press(words["decision"], words["verify"])
        self.look("decision")
        self.verify(case, folder)

        hall.open("/my/apply/stall")
        self.press(words["begin"], words["go"])
        self.write(words["title"], "Second stall")
        self.press(words["save"], words["saved"])
        self.look("cases")
        self.press("Second stall", words["remove"])
        hall.open(hall.path() + "/remove")
        self.look("remove")
        self.press(words["remove"], words["removed"])
        self.again(paths, words)

    def again(self, paths, words):
        """Another case, which is taken back."""
        hall = self.hall
        hall.open("/my/apply/stall")
        self.press(words["begin"], words["go"])
        for label, text in ((words["title"], "Third stall"), (words["metres"], "7")):
            self.write(label, text)
        hall.tick(words["north"])
        hall.fill(words["first"], "20260407")
        hall.tick(words["use"])
        hall.upload(words["form"], paths["form"])
        hall.upload(words["plan"], paths["plan"])
        for name, expected in (
                ("go", "check"), ("submit", "done"), ("case", "handed"), ("withdraw", "question"), ("withdraw", "withdrawn")):
            hall.press(words[name])
            self.see(words[expected])
            if expected == "question":
                self.look("withdraw")

    def verify(self, case, folder):
        """As somebody does who trusts nobody here: three files, and the command that the page names."""
        for name in ("statement", "statement.sig", "allowed_signers"):
            request = urllib.request.Request(
                f"{self.origin}/my/cases/{case}/decision/0/{name}", headers={"Authorization": f"Bearer {self.token}"})
            (folder / name).write_bytes(urllib.request.urlopen(request).read())
        command = html.unescape(re.search(r"ssh-keygen -Y verify[^\n]*", self.hall.text()).group())
        said = subprocess.run(["/bin/sh", "-c", command], cwd=folder, capture_output=True, text=True)
        assert said.returncode == 0 and "Good" in said.stdout, f"{said.stdout} {said.stderr}"


def main(*arguments):
    for judged in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            walk = Walk(*arguments, judged)
            with walk.hall:
                walk.go(pathlib.Path(folder))
        print("judged" if judged else "by keyboard", flush=True)


main(*sys.argv[1:])
