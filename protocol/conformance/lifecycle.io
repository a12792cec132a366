# From submission through one office and one leader to a decision.
>> {"jsonrpc":"2.0","id":1,"method":"case.submit","params":{"matter":"permit","title":"Warehouse 7","applicant":{"id":"91230100MA","name":"Park"},"channel":"online"}}
<< {"jsonrpc":"2.0","id":1,"result":{"case":"<case>","receipt":"<receipt>","state":"submitted","revision":1,"office":"permits","leader":"leader","commissioner":"commissioner","light":"green","…":"…"}}
# A required material is missing: it cannot be accepted. All missing ones are named in one notice.
>> {"jsonrpc":"2.0","id":2,"method":"case.accept","params":{"case":"<case>","acting":"otto"}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":5424,"message":"…","data":{"kind":"materials.missing","…":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"case.request_correction","params":{"case":"<case>","missing":["form"],"acting":"otto"}}
<< {"jsonrpc":"2.0","id":3,"result":{"case":"<case>","state":"correction","revision":2,"…":"…"}}
>> {"jsonrpc":"2.0","id":4,"method":"case.correct","params":{"case":"<case>","materials":["form"]}}
<< {"jsonrpc":"2.0","id":4,"result":{"state":"submitted","materials":["form"],"revision":3,"…":"…"}}
>> {"jsonrpc":"2.0","id":5,"method":"case.accept","params":{"case":"<case>","acting":"otto","if_revision":3}}
<< {"jsonrpc":"2.0","id":5,"result":{"state":"in-review","revision":4,"…":"…"}}
# Somebody was first.
>> {"jsonrpc":"2.0","id":6,"method":"case.note","params":{"case":"<case>","text":"x","acting":"otto","if_revision":3}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":5409,"message":"…","data":{"kind":"revision.conflict","retryable":false,"details":{"revision":4},"hint":"…"}}}
# The leader cannot decide yet, and the commissioner never can.
>> {"jsonrpc":"2.0","id":7,"method":"case.grant","params":{"case":"<case>","acting":"lena"}}
<< {"jsonrpc":"2.0","id":7,"error":{"code":5423,"message":"…","data":{"kind":"state.not_allowed","…":"…"}}}
>> {"jsonrpc":"2.0","id":8,"method":"case.recommend","params":{"case":"<case>","recommendation":"grant","opinion":"in order","acting":"otto"}}
<< {"jsonrpc":"2.0","id":8,"result":{"state":"with-leader","handler":"otto","recommendation":"grant","revision":5,"…":"…"}}
>> {"jsonrpc":"2.0","id":9,"method":"case.grant","params":{"case":"<case>","acting":"cora"}}
<< {"jsonrpc":"2.0","id":9,"error":{"code":5403,"message":"…","data":{"kind":"permission.denied","retryable":false,"details":{},"hint":"could be done by post leader (lena)"}}}
>> {"jsonrpc":"2.0","id":10,"method":"case.grant","params":{"case":"<case>","acting":"lena"}}
<< {"jsonrpc":"2.0","id":10,"result":{"state":"granted","decided_by":"lena","timeliness":"in-time","light":"none","revision":6,"…":"…"}}
# Final states never change.
>> {"jsonrpc":"2.0","id":11,"method":"case.withdraw","params":{"case":"<case>"}}
<< {"jsonrpc":"2.0","id":11,"error":{"code":5423,"message":"…","data":{"kind":"state.not_allowed","…":"…"}}}
# What everybody may know who has the receipt.
>> {"jsonrpc":"2.0","id":12,"method":"case.get","params":{"receipt":"<receipt>"}}
<< {"jsonrpc":"2.0","id":12,"result":{"receipt":"<receipt>","matter":"permit","state":"granted","office":"permits","submitted_at":"2026-02-06T01:00:00Z","closed_at":"2026-02-06T01:00:00Z","extension":null,"waits_for":"office"}}
