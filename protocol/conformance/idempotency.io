# The same key and content get the first answer again; with other content it is refused; a refusal is not kept.
>> {"jsonrpc":"2.0","id":1,"method":"case.submit","params":{"matter":"notice","title":"A","applicant":{"id":"1","name":"N"},"materials":["form"],"idempotency_key":"k1"}}
<< {"jsonrpc":"2.0","id":1,"result":{"case":"<case>","revision":1,"…":"…"}}
>> {"jsonrpc":"2.0","id":2,"method":"case.submit","params":{"matter":"notice","title":"A","applicant":{"id":"1","name":"N"},"materials":["form"],"idempotency_key":"k1"}}
<< {"jsonrpc":"2.0","id":2,"result":{"case":"<case>","revision":1,"…":"…"}}
>> {"jsonrpc":"2.0","id":3,"method":"case.submit","params":{"matter":"notice","title":"B","applicant":{"id":"1","name":"N"},"materials":["form"],"idempotency_key":"k1"}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":5422,"message":"…","data":{"kind":"idempotency.key_reused","…":"…"}}}
>> {"jsonrpc":"2.0","id":4,"method":"case.recommend","params":{"case":"<case>","recommendation":"grant","opinion":"x","acting":"otto","idempotency_key":"k2"}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":5423,"…":"…"}}
>> {"jsonrpc":"2.0","id":5,"method":"case.accept","params":{"case":"<case>","acting":"otto"}}
<< {"jsonrpc":"2.0","id":5,"result":{"state":"in-review","…":"…"}}
>> {"jsonrpc":"2.0","id":6,"method":"case.recommend","params":{"case":"<case>","recommendation":"grant","opinion":"x","acting":"otto","idempotency_key":"k2"}}
<< {"jsonrpc":"2.0","id":6,"result":{"state":"with-leader","…":"…"}}
>> {"jsonrpc":"2.0","id":7,"method":"case.count"}
<< {"jsonrpc":"2.0","id":7,"result":{"count":1}}
