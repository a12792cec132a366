# Who are you, and who am I?
>> {"jsonrpc":"2.0","id":1,"method":"server.info"}
<< {"jsonrpc":"2.0","id":1,"result":{"name":"cased","protocol":1,"now":"2026-02-06T01:00:00Z","clock":"manual","open":0,"…":"…"}}
# Ids come back as they were.
>> {"jsonrpc":"2.0","id":"seven","method":"case.count"}
<< {"jsonrpc":"2.0","id":"seven","result":{"count":0}}
>> {"jsonrpc":"2.0","id":null,"method":"case.count"}
<< {"jsonrpc":"2.0","id":null,"result":{"count":0}}
# A notification is carried out and not answered; the next line is.
>> {"jsonrpc":"2.0","method":"case.count"}
>> {"jsonrpc":"2.0","id":2,"method":"case.count","params":{}}
<< {"jsonrpc":"2.0","id":2,"result":{"count":0}}
# Not JSON, no request, no method, no such parameter: the connection lives on.
>> {"jsonrpc":"2.0","id":3,
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"…","data":{"kind":"json.malformed","retryable":false,"details":{},"hint":"…"}}}
>> {"jsonrpc":"2.0","id":3,"id":4,"method":"case.count"}
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"…","data":{"kind":"json.malformed","…":"…"}}}
>> {"jsonrpc":"1.0","id":3,"method":"case.count"}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32600,"message":"…","data":{"kind":"request.invalid","…":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"case.cuont"}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"…","data":{"kind":"method.not_found","…":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"case.count","params":[]}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"…","data":{"kind":"params.invalid","…":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"case.count","params":{"fliter":{}}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":5400,"message":"…","data":{"kind":"params.invalid","retryable":false,"details":{"parameter":"fliter"},"hint":"…"}}}
>> {"jsonrpc":"2.0","id":3,"method":"case.get","params":{"case":"C-1"}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":5404,"message":"…","data":{"kind":"case.not_found","…":"…"}}}
# Batches are answered by one array in their order; notifications leave no trace, and a batch of them none at all.
>> [{"jsonrpc":"2.0","id":1,"method":"case.count"},{"jsonrpc":"2.0","method":"case.count"},7,{"jsonrpc":"2.0","id":2,"method":"case.count"}]
<< [{"jsonrpc":"2.0","id":1,"result":{"count":0}},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"…":"…"}},{"jsonrpc":"2.0","id":2,"result":{"count":0}}]
>> [{"jsonrpc":"2.0","method":"case.count"}]
>> []
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"…":"…"}}
