# Lengths carry their unit, and working time knows the holidays.
>> {"jsonrpc":"2.0","id":1,"method":"calendar.due","params":{"calendar":"cn","start":"2026-02-06","budget":"20 working-days"}}
<< {"jsonrpc":"2.0","id":1,"result":{"due":"2026-03-12T16:00:00Z","last_day":"2026-03-12","provisional":false}}
>> {"jsonrpc":"2.0","id":2,"method":"calendar.due","params":{"calendar":"cn","start":"2026-02-06","budget":"20 days"}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":5400,"message":"…","data":{"kind":"params.invalid","retryable":false,"details":{"parameter":"budget"},"hint":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"calendar.measure","params":{"calendar":"cn","from":"2026-02-06","to":"2026-03-13","unit":"working-days"}}
<< {"jsonrpc":"2.0","id":3,"result":{"amount":20,"unit":"working-days"}}
# A pause stops the clocks; the pause day is not consumed, the resume day counts.
>> {"jsonrpc":"2.0","id":4,"method":"case.submit","params":{"matter":"notice","title":"A","applicant":{"id":"1","name":"N"},"materials":["form"]}}
<< {"jsonrpc":"2.0","id":4,"result":{"case":"<case>","…":"…"}}
>> {"jsonrpc":"2.0","id":5,"method":"case.accept","params":{"case":"<case>","acting":"otto"}}
<< {"jsonrpc":"2.0","id":5,"result":{"state":"in-review","…":"…"}}
>> {"jsonrpc":"2.0","id":6,"method":"case.suspend","params":{"case":"<case>","kind":"hearing","basis":"Art. 45","expected":"5 working-days","acting":"otto"}}
<< {"jsonrpc":"2.0","id":6,"result":{"suspended":{"kind":"hearing","basis":"Art. 45","expected":"5 working-days","note":"","since":"2026-02-06T01:00:00Z"},"…":"…"}}
>> {"jsonrpc":"2.0","id":7,"method":"case.recommend","params":{"case":"<case>","recommendation":"grant","opinion":"x","acting":"otto"}}
<< {"jsonrpc":"2.0","id":7,"error":{"code":5423,"message":"…","data":{"kind":"case.suspended","…":"…"}}}
>> {"jsonrpc":"2.0","id":8,"method":"case.resume","params":{"case":"<case>","acting":"otto"}}
<< {"jsonrpc":"2.0","id":8,"result":{"suspended":null,"suspensions":[],"…":"…"}}
