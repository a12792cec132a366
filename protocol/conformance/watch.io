# A snapshot, then each event as it becomes durable, between the replies.
>> {"jsonrpc":"2.0","id":1,"method":"case.submit","params":{"matter":"notice","title":"A","applicant":{"id":"1","name":"N"},"materials":["form"]}}
<< {"jsonrpc":"2.0","id":1,"result":{"case":"<case>","…":"…"}}
>> {"jsonrpc":"2.0","id":2,"method":"case.watch","params":{"filter":{"case":"<case>"},"snapshot":true}}
<< {"jsonrpc":"2.0","id":2,"result":{"watch":"<watch>","cursor":"<start>"}}
<< {"jsonrpc":"2.0","method":"case.event","params":{"watch":"<watch>","type":"snapshot","case":{"case":"<case>","state":"submitted","…":"…"}}}
<< {"jsonrpc":"2.0","method":"case.event","params":{"watch":"<watch>","type":"snapshot-end","cursor":"<start>","cases":1}}
>> {"jsonrpc":"2.0","method":"case.accept","params":{"case":"<case>","acting":"otto"}}
<< {"jsonrpc":"2.0","method":"case.event","params":{"watch":"<watch>","type":"event","cursor":"<accepted>","event":{"case":"<case>","revision":2,"event":"accepted","by":"otto","via":"hall","…":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"watch.stop","params":{"watch":"<watch>"}}
<< {"jsonrpc":"2.0","id":3,"result":{"watch":"<watch>","cursor":"<accepted>"}}
# From a cursor it goes on behind it.
>> {"jsonrpc":"2.0","id":4,"method":"case.watch","params":{"from":"<start>"}}
<< {"jsonrpc":"2.0","id":4,"result":{"watch":"<second>","cursor":"<start>"}}
<< {"jsonrpc":"2.0","method":"case.event","params":{"watch":"<second>","type":"event","cursor":"<accepted>","event":{"event":"accepted","…":"…"}}}
>> {"jsonrpc":"2.0","id":5,"method":"watch.stop","params":{"watch":"none"}}
<< {"jsonrpc":"2.0","id":5,"error":{"code":5404,"message":"…","data":{"kind":"watch.not_found","…":"…"}}}
>> {"jsonrpc":"2.0","id":6,"method":"case.watch","params":{"from":"another.1"}}
<< {"jsonrpc":"2.0","id":6,"error":{"code":5410,"message":"…","data":{"kind":"cursor.expired","…":"…"}}}
